"""Short forms that end in a dot without ending a sentence.

The lists hold what clinical text uses and the segmentation library does not know. They are written
without the last dot, in lower case; inner dots count (``e.g``). Three kinds matter:

* ``NEVER``: something always follows (a name, a number, the thing compared), so never an end.
* ``SELDOM``: an end only when the next word starts with a capital letter, e.g. "5 mg. Repeat".
* ``BEFORE_NUMBER``: a label when a number follows ("Fig. 2"), else a word like any other.

Dotted letters ("U.S.", "i.v.") and single letters ("J. Smith") need no list.
"""

_TITLES = {
    "en": "dr drs prof mr mrs ms messrs st gen gov sen rep rev hon capt col lt sgt maj ph.d",
    "fr": "m mm mme mmes mlle dr drs pr prof me st ste",
    "es": "ee sr sra srta sres dr dra dres dras prof profa lic ing d dña ud uds vd vds",
    "pt": "sr sra srs sras dr dra drs dras prof profa eng enf enfa",
    "id": "dr drg drs dra ir prof tn ny sdr sdri yth bpk h hj kol",
    "ms": "dr en pn tn hj prof yb",
    "ru": "св гр гос проф акад доц др д-р им ул д кв обл т.е т.к т.н т.д рис табл см ср стр",
    "sw": "dkt bw bi prof mh dk",
    "tl": "dr dra gng bb g gg prof",
    "so": "dr prof",
    "ha": "dr prof",
    "rw": "dr prof",
    "lg": "dr prof",
    "ln": "dr prof",
    "om": "dr prof ob add",
    "zu": "dkt nkk mnu prof",
    "vi": "ts ths bs gs pgs tp ks tt",
    "ar": "د أ م أ.د ص ج",
    "fa": "د",
    "ur": "ڈاکٹر",
    "hi": "डॉ श्री प्रो पं",
    "bn": "ডা ড মো প্রফ",
    "ta": "டாக்டர் திரு டாக்",
    "am": "ዶ ዶር አቶ ፕሮፌ ዓ.ም እ.ኤ.አ ክ.ክ",
    "ti": "ዶ ዶር ፕሮፌ",
}
_FOLLOWED = {
    "en": "e.g i.e eg ie vs viz cf approx ca incl excl esp resp ref refs et al spp sp subsp var "
    "equiv susp misc",
    "fr": "p.ex c.-à-d cf env approx vs réf réfs chap ex not",
    "es": "p.ej pej ej vs cf aprox ref refs pág págs cap apdo",
    "pt": "p.ex ex vs cf aprox ref refs pág págs cap",
    "id": "mis dll.misal vs cf kl lih hlm hal a.n u.p",
    "ms": "cth spt vs hlm",
    "ru": "напр ок прибл ср см т.е т.н тыс млн млрд рис табл гл п пп разд",
    "sw": "k.m k.v n.k yaani uk taz",
    "tl": "hal",
    "so": "tus",
    "vi": "vd",
    "zu": "isib",
}
_NUMBERED = (
    "no nos nr n núm nº fig figs tab tbl eq sec sect ch chap art vol app annex p pp pg par para "
    "tel ext jan feb mar apr jun jul aug sep sept oct nov dec "
    "tél éd págs pág vol cap gbr gmb tbl lamp pasal рис табл стр гл № разд тел "
    "jadual rajah bil jedwali kiel mchoro hình bảng"
)
# Units and the like: "5 mg. orally" goes on, "5 mg. Repeat" does not.
_SELDOM = (
    "mg mcg µg μg ug g gm kg ng ml dl l cc mm cm km m mmol mol meq iu u hr hrs h min mins sec s "
    "wk wks yr yrs mo mos amp amps tab tabs cap caps susp inj sol soln supp tbsp tsp oz lb lbs "
    "approx etc inc ltd co corp dept est gov univ hosp intl wt temp max min avg temp "
    "a.m p.m am pm b.i.d t.i.d q.i.d p.o i.v i.m s.c p.r.n q.d q.h h.s o.d "
    "uu dll dsb dst tgl hb dkk tsb cet мг мл мин ч сут см кг мкг др пр т.д т.п "
    "n.k. k.k nk vb v.v ecc comp compr cp sol jbe amp مل ملغ كغ إلخ الخ"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SELDOM = _words(_SELDOM)
BEFORE_NUMBER = _words(_NUMBERED)
# Codes after a dose: still the same order, though in capitals.
DOSE_CODES = _words(
    "po iv im sc sl pr prn od bd bid tds tid qid qds qd qod stat io ng pv nebs oral"
)
_NEVER_ANYWHERE = _words(_TITLES["en"]) | _words(_FOLLOWED["en"])
_NEVER = {
    base: _NEVER_ANYWHERE | _words(_TITLES.get(base, "")) | _words(_FOLLOWED.get(base, ""))
    for base in {*_TITLES, *_FOLLOWED}
}
# Words that a dot may follow like any other, though some language's list has them: they end
# ordinary sentences in the languages named here.
_WORDS_HERE = {
    "en": _words("m d g gg me h ca"),
    "fr": _words("st sen rep hon col ms gov sp var ex not"),
    "es": _words("sp sen col"),
    "pt": _words("sp sen col"),
    "id": _words("sp h col gov"),
    "sw": _words("rep st col sen hon"),
    "so": _words("st col sen hon"),
}
#: Nouns that take a letter as their name, so that "hepatitis B. The" ends a sentence.
LETTERED = _words(
    "hepatitis hépatite hepatite vitamin vitamine vitamina vitamini type tipe tipo jenis aina "
    "group groupe grupo kelompok kundi influenza grippe gripe flu grade class kelas classe clase "
    "stage stade phase fase part partie parte bagian appendix annex annexe anexo lampiran table "
    "tableau tabla tabela tabel figure gambar option opsi category catégorie categoría plan arm "
    "panel box streptococcus strep virus вирус гепатит гепатита витамин витамина тип типа группа "
    "группы гриппа грипп приложение"
)
#: Words that start English sentences so often that "the U.S. The" is read as an end.
STARTERS = _words(
    "The This These Those That It In On At For If As A An And But However He She We They You Your "
    "There When While After Before During By To From Most Many Some Both Other Others Such Since"
)


def never_ends(word: str, base: str) -> bool:
    """Whether a dot after ``word`` (as written) never ends a sentence in language ``base``."""
    folded = word.casefold()
    if folded in _WORDS_HERE.get(base, ()):
        return False
    return folded in _NEVER.get(base, _NEVER_ANYWHERE)
