# ruff: noqa: E501 - a table reads best with one row a line
"""Words and forms that deny, per language.

``strong`` forms deny by themselves (not, no, without). ``soft`` forms are words that one language
says with a denial and another without (un-, lack, except, avoid): they excuse a difference but do
not make one. ``idiom`` is a pattern of wordings that hold a denying form and deny nothing (not
only, no matter, 非常). ``verb`` is a pattern of whole words for languages that deny inside the verb.
The lists follow the reference grammars and the descriptions in WALS chapters 112 to 115
(https://wals.info/chapter/112).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """How a language denies; forms as in the number words, ``*`` frees an end."""

    strong: str
    soft: str = ""
    idiom: str = ""
    verb: str = ""
    #: Words that most languages say with a denial (undetected, lack): a denial there is no surprise.
    excuse: str = ""
    excuse_verb: str = ""
    #: How far the lists can be trusted: 4 to block both ways, 3 to block what is lost, 2 to warn of
    #: both, 1 to warn of what is lost.
    trust: int = 4


CUES: dict[str, Cues] = {
    "en": Cues(
        "not no never none neither nor without cannot nothing nobody nowhere don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't mustn't needn't cant dont",
        # What often, but not mostly, becomes a denial elsewhere.
        "avoid* prevent* stop* ban bans banned banning prohibit* refus* reject* cancel* deny denied denying negative* free false missing forbid* halt* instead rather until only before few little hardly rarely seldom barely otherwise despite against although loss lost fear* exclud* exempt* discontinu* suspend* withdraw* cease* remain* minimal* short* limit* restrict* clos* out away stay difficult* hard",
        r"\bnot only\b|\bnot just\b|\bnot merely\b|\bnot simply\b|\bwhether or not\b|\bno matter\b|\bno doubt\b|\bnot least\b|\bno\. ?\d",
        excuse=(
            "non* lack lacks lacking absent absence unless asymptomatic "
            "useless painless homeless needless symptomless disagree* disallow* inability inadequate* incapable incomplete* inconclusive inconsistent* incorrect* ineffective* ineligible inappropriate* insufficient* "
            "invalid invisible irrelevant irrespective irreversible impossible improper* informal inaccurate* inaccessible inactive* infrequent*"
        ),
        excuse_verb=r"un(?!fortun|like$|esco|icef|aids|der|til|it|iq|ivers|ion|if|anim|lock|cle\b|load|fold|pack)\w{3,}",
    ),
    "fr": Cues(
        "pas aucun aucune jamais ni rien sans non nul nulle personne guère",
        "ne n plus n'* invalid* irrégul* indépend* dépourvu* démuni* interrompre interrompu* sauf évit* empêch* manque* absen* faute exclu* excep* moins peu refus* hors contre avant seul* malgré échou* rare*",
        r"\bnon seulement\b|\bnon plus\b|\bpas à pas\b|\bune personne\b|\bla personne\b|\btoute personne\b|\bchaque personne\b|\bpar personne\b|\bcette personne\b|\bautre personne\b|\bd'une personne\b|\bpersonne (?:à|qui|de|infect|malade|âgée|atteinte|ayant|en|est|présent)",
        excuse="inconnu* impossib* incapab* insuffis* inutile* ineffica* incertain* indisponib* incomplet* asymptom* absence interdi*",
    ),
    "es": Cues(
        "no ni nunca sin ningún ninguno ninguna nadie nada jamás tampoco",
        "inválid* incomplet* independient* excepto salvo evit* falta* carec* ausen* impedir menos apenas poc* sólo solo antes negativ* anti* contra rechaz* hasta aun aún todavía",
        r"\bno s[oó]lo\b|\bno solamente\b|\bno obstante\b|\bsin embargo\b",
        excuse="desconoc* imposib* incapa* insuficien* innecesari* inefica* inciert* incomplet* asintom* ausencia prohib*",
    ),
    "pt": Cues(
        "não nem nunca sem nenhum nenhuma ninguém nada jamais tampouco",
        "inválid* incomplet* independent* exceto salvo evit* falta* carec* ausên* imped* menos apenas pouc* só antes negativ* anti* contra recus* até ainda",
        r"\bnão só\b|\bnão apenas\b|\bnão somente\b|\bnão obstante\b",
        excuse="desconhec* impossív* incapa* insuficien* desnecess* inefica* incert* incomplet* assint* ausência proib*",
    ),
    "ru": Cues(
        "не нет ни без нельзя никогда никто ничего ничто нигде никак никаких никакого никакой никакая никем никому никого безо",
        "отсутств* кроме за_исключением избег* избеж* запре* отказ* лиш* прекра* против* до отриц* мало редко только ещё еще отмен* вне недо* анти* потер* исключ* мимо ли",
        r"\bне только\b|\bтем не менее\b|\bне менее\b|\bне более\b|\bне позднее\b|\bне позже\b|\bкак ни\b|\bчто бы ни\b|\bне раз\b|\bтем не мен",
        excuse="невозм* неизвест* недоступ* необыч* недост* неэффект* неясн* неопредел* бессимпт* неструкт* небеременн* неформал*",
    ),
    "id": Cues(
        "tidak bukan tanpa belum jangan tak tiada tidaklah bukanlah janganlah nihil nir* takkan",
        "kecuali kurang hindari menghindari mustahil selain gagal larang* dilarang melarang non* mencegah cegah negatif sebelum hanya henti* menolak ditolak batal* alih-alih langka jarang anti* asimtomatik masih kehilangan",
        r"\btidak hanya\b|\bbukan hanya\b|\btidak peduli\b|\bbukan saja\b|\bmau tidak mau\b|\btidak lama\b",
        excuse="non* asimtomatik* asimptomatik* mustahil informal* kekurangan kurangnya jarang anonim* mandiri ketidak*",
    ),
    "ms": Cues(
        "tidak bukan tanpa belum jangan tak tiada tidaklah bukanlah janganlah usah takkan",
        "kecuali kurang elak* mengelak* mustahil selain gagal larang* dilarang melarang mencegah cegah negatif sebelum hanya henti* menolak ditolak batal* jarang anti* asimptomatik masih non* halang* kehilangan",
        r"\btidak hanya\b|\bbukan hanya\b|\bbukan sahaja\b|\btidak kira\b|\bmahu tidak mahu\b|\btidak lama\b|\bbukan setakat\b|\btanpa mengira\b",
        excuse="non* asimptomatik* mustahil informal* kekurangan kurangnya jarang ketidak* ketiadaan",
    ),
    "vi": Cues(
        "không chưa chẳng đừng chả",
        "tránh trừ ngoại vô thiếu bất phi cấm ngừng",
        r"không chỉ|không khí|hay không|hàng không|không gian",
    ),
    "tl": Cues(
        "hindi wala walang huwag huwag* di wala't hindi* 'di nang-hindi",
        "iwas* pag-iwas maliban bawal pigil* kulang* kakulangan bago lamang tanging asimptomatiko negatibo halip kahit bihira pa non* maiwasan",
        r"hindi lamang|hindi lang|hindi bababa",
        excuse="non* kakulangan asimptomatiko* impormal*",
    ),
    "sw": Cues(
        "si sio siyo bila hapana hakuna wala kamwe hakukuwa hamna pasipo haya_si hata_si",
        "isipokuwa kutokuwepo ukosefu kukosa wakosa* kuepuka epuka kuzuia zuia kabla tu chache badala kinyume kushindwa alishindwa pekee negativu",
        r"\bsi tu\b|\bsio tu\b|\bsi ... bali\b|\b(?:siku\w*|hatu[ak]\w*|msing\w*|hatari\w*|\w?asili\w*|\w{0,3}simb\w*|\w{1,3}sim[aiu]\w*|wasiwasi\w*|hakik\w*|halijoto|halis\w*"
        r"|pasipoti|kusini|haya|hawa|hata|haki|hakili\w*|hasara|\w{0,2}sikil\w*|\w{1,2}sikit\w*|\w*wasilian\w*|usingizi|usiku|msiku|\w{1,2}sisit\w*|\w{1,2}siki[ao]\w*|kusifu|msitu|isitoshe|usitaw\w*|hatimaye|hakim\w*|hali\w{0,2}|haina?k\w*|asidi|usih|msiba|hauz\w*)\b",
        # ha- and its concords, hu-, and -si- after a concord; with the everyday words that look alike left out.
        r"(?:ha(?:wa|tu|m|i|u|ku|ki|vi|li|ya|pa|zi|ja|ta|fai|o|na|wezi|jui)\w*(?<!^hawa)(?<!^haya)(?<!^hapa)(?<!^hata)(?<!^haki)(?<!^haja)(?<!^hao)(?<!^hali)|hu(?:wezi|na|jui|tak)\w*|si(?:wezi|na|jui|tak|ku|ja|fikiri|dhani)\w*"
        r"|(?:u|m|wa|a|i|ya|zi|ki|vi|li|tu|ni|pa|ku)si(?:ye|yo|o|zo|cho|vyo|lo|ho|po|\w{2,})\w*|kuto(?!k[aeo]|a$|le|sha|w|ro|ka)\w+|kutokuw\w*|\w{1,3}sipo\w+)",
        trust=3,
        excuse="isipokuwa ukosefu kukosa wakosa* vigumu",
    ),
    "ar": Cues(
        "لا ولا فلا ألا وألا بألا لم ولم فلم لن ولن فلن ليس ليست ليسوا ليسا لسنا لست وليس وليست فليس أليس بدون وبدون دون ودون بلا وبلا لئلا مالم عدم وعدم بعدم لعدم وبعدم فعدم كلا",
        "إلا سوى *تجنب* *منع* *نقص* *رفض* *حظر* *قبل* *فقط* *خال* *انعدام* *مضاد* *توقف* *إيقاف* *استبعاد* *استثناء* *إلغاء* *نفي* *سلبي* *فشل* *عجز* لكن *خلو* *انتفاء* *نادر*",
        r"\bلا سيما\b|\bلا یزال\b|\bلا تزال\b|\bولا سيما\b|\bلا سیما\b|\bولا سیما\b|\bليس فقط\b|\bلیس فقط\b|\bلا يزال\b|\bما لا يقل\b|\bما لا یقل\b|\bلا یقل\b|\bلا تقل\b|\bدون سن\b|\bدون \d|\bلا شك\b|\bإلا أن\b",
        excuse="*غير* *تعذر* *يتعذر* *انعدام* *خلو* *عجز*",
    ),
    "fa": Cues(
        "نه بدون هیچ هیچیک هیچکدام نیست* نبود نبودند نبوده نباش* نباید نمی* ندار* نداشت* نکن* نکرد* نشو* نشد* نده* نداد* نخواه* نتوان* هرگز مبادا نرو* نگیر* نگرفت* نیاب* نیافت* نرس* نز ن نپوش* نخور* نگذار*",
        "*عدم* *غیر* بی* جز اجتناب* خودداری* جلوگیری* فاقد پیش* منع* کم* تنها فقط",
        r"\bنه تنها\b|\bنه فقط\b",
        trust=2,
    ),
    "ur": Cues(
        "نہیں نہ بغیر مت بنا نا ناں",
        "عدم سوائے علاوہ بچ* روک* منع کم* پہلے صرف بے* لا* گریز نا* منفی",
        r"\bنہ صرف\b|\bنہ ہی\b|چاہے|\bکیوں نہ\b",
        excuse="غیر*",
    ),
    "hi": Cues(
        "नहीं न ना मत बिना बगैर नही नहिं नहीँ बग़ैर",
        "ग़ैर* रहित* अभाव सिवाय अलावा बचन* बचें बचाव* रोक* मना कम* पहले केवल सिर्फ अनजान* विफल* इनकार* इन्कार* निषेध* नकारात्मक मुक्त अभी वंचित* छोड़* बजाय तक",
        r"न केवल|न सिर्फ|ना केवल|ना सिर्फ|नहीं बल्कि|कहीं न कहीं|कोई न कोई|क्यों न",
        excuse="असमर्थ* असंभव* अज्ञात* गैर* ग़ैर* अनौपचारिक* अप्रभावी अनुपस्थित* अस्पष्ट* अनिश्चित* अपर्याप्त* अनावश्यक* अक्षम* अयोग्य* निषिद्ध*",
    ),
    "bn": Cues(
        "না নয় নেই নাই নন নি নহে নয়তো বিনা *য়নি *রেনি *য়েনি *য়না *বেনা *তেনা নেন নিষেধ",
        "ছাড়া* অ* বিহীন* *হীন* ব্যতীত* এড়* প্রতিরোধ* নিষ* বন্ধ* আগে* শুধু* কম* বে* অন* বাদ* বিরত* নে* কেবল* ব্যর্থ*",
        r"না হলে|শুধুমাত্র নয়|কিনা|কি না",
        trust=2,
    ),
    "ta": Cues(
        "இல்லை* *இல்லை* அல்ல* *அல்ல இல்லாம* *இல்லாத* *இல்லாம* *வேண்டாம்* *ாது *ாமல்* *ாத *ாதீர்* *வில்லை* *ில்லை* *மாட்ட* *கூடாது* *ாதது* *ாதவ* *ாதவை* *யாது *ாதே",
        "*தவிர* *தடு* *அற்ற* *இன்றி* *குறை* *முன்* *மட்டு* *மறு* *எதிர்* *ற்ற* *ின்றி* *ாது* *ாத*",
        r"மட்டுமல்ல|அல்லது",
        trust=2,
    ),
    "am": Cues(
        "*አይ* *አል*ም *የለም* *አይደለም* *ያለ* *ሳይ* *ሳያ* *እንዳይ* *እንዳት* *እንዳያ* *የማይ* *የማያ* *የማት* *ያል* *አያ* *አት* *አን* *የሌ* *ካል* *ባል* *ሳት* *አል* *የለ* *አላ* *ሳን* *ካይ* *ባይ*",
        "*በስተ* *መከላከል* *ማስወገድ* *በፊት* *ብቻ* *ምንም* *ውጭ* *ውጪ* *በቀር* *እጥረት* *ማቆም* *እንጂ* *ከመ*",
        trust=1,
    ),
    "ti": Cues(
        "*ኣይ* *አይ* *ዘይ* *ከይ* *የለን* *የለ* *የብል* *እንተዘይ* *ብዘይ* *ዘየ* *ኣየ* *አየ* *ከየ* *እንተይ* *ኣል* *አል* *የብ*",
        "*ምክልካል* *ቅድሚ* *ጥራይ* *ብጀካ* *ሕጽረት* *ምውጋድ* *ዋላ* *ከም* *ምግታእ*",
        trust=1,
    ),
    "so": Cues(
        "maysan muusan looma luguma haka hana inayna inayan maala maaga maan mayan mayaan uusan aysan laguma lagama kuma ma aan aanu aanay aysan aanan lama mana maaha maya la'aan inaan aadan kuma uma kama aad_aan ayna aanayn ha maanta_ma la'aanta marna waligeed inaanay inaysan *inaan masoo laga_ma maan ku_ma mayn aanad inaanad inaadan aanu iska_ma lamana *la'aan mahan iyada_oo_aan nama",
        "mooyee mamnuuc* ka_hor jooji* ilaal* yar* kaliya oo_keliya fog* diid* wax haddii ah* maadaama",
        trust=1,
    ),
    "om": Cues(
        "hin* miti malee hin dhiisuu dhabuu *miti dhabamuu hinuu hinqabn*",
        "*malee ala ittisuu ittis* dhorki* dhorku* dura qofa* xiqqaa hanq* hir'* *u_dhabuu dhab* kan* dhiis* osoo utuu",
        trust=2,
    ),
    "ha": Cues(
        "ba babu bai bata baya basu bashi kada rashin baza bayan_ba bã kar bamu bazai ban baku babban_ba bane ba'a ba_a bâ batare baa baza'a",
        "marasa maras mara sai hana hani guj* kafin kadai kawai kasa wani ƙasa kaɗan",
        trust=1,
    ),
    "rw": Cues(
        "nti* nta* ntabwo nt* ataribyo si atari ata* ita* uta* bata* kuta* zita* yata* *tari *dafite *tagira*",
        "uretse kwirinda irinda kubuza mbere gusa *da* *ta* aho ariko nubwo kure",
        trust=1,
    ),
    "lg": Cues(
        "te* ti* si tali taba* awatali nga_si ta* teri tewali nedda bata* eta* ata* ota* obuta* butali tetu* aba_ta* abata* okuta* oluta* lwa_buta ga_ta* kita* kata* nti_si zita* gata* ekita* ebita* bita*",
        "okuggyako okwewala wewale okuziyiza ziyiza nga_tannaba kyokka *ta* *buta* okuleka",
        trust=1,
    ),
    "ln": Cues(
        "te ezangi *zangi kozanga kozangi zanga* moko_te azangi bazangi kozanga* ata_moko",
        "longola kokanga kotika liboso kaka kopekisa boye *zang* kaka soki",
        trust=1,
    ),
    "zu": Cues(
        "hhayi ngeke ngaphandle akukho ayikho cha ungalokothi aku* aba*i ayi* aka* aba* azi* asi* ali* awu* aya* angeke *ngeke engekho *nga*i *nga*anga abanga* *anga *nga* akakho alukho alikho abekho azikho engeke ani* ungabi",
        "gwema* vimb* ngaphambi kuphela *vik* *swel* *ntul* *nqab* *ngenasi* *nge* *nga* *ngen*",
        trust=1,
    ),
    "my": Cues(
        "မရှိ မဟုတ် ဘူး မရ မလုပ် မဖြစ် မပါ မသိ မခံ မပြု မထ မတွေ့ မလို မသွား မ",
        "ကင်း ရှောင် တားဆီး ကာကွယ် မတိုင်မီ သာ ချို့တဲ့ ပိတ်",
        trust=1,
    ),
    "km": Cues("មិន គ្មាន ពុំ កុំ អត់ ឥត ដោយគ្មាន", "ជៀស ក្រៅ បង្ការ មុន តែ ខ្វះ ហាម", trust=2),
    "th": Cues("ไม่ อย่า ไร้", "ยกเว้น เลี่ยง ห้าม ปลอด ขาด", r"ไม่เพียง|หรือไม่|ไม่ว่า", trust=2),
    "zh": Cues(
        "不 没 无 未 勿 莫 非 並无 并无 毋 切忌",
        "避免 禁 拒绝 停止 缺 除 外 难 免 防 阻 只 仅 才 前 少 否 失 反 别 误 抗 零 弱 异常",
        r"不同|不断|不仅|不但|不只|不少|不久|不过|不管|不论|无论|非常|非洲|除非|是否|否则|未来|莫非|无非|南非|北非|非典|不得不|不禁|不止|无线|无疑|与否|不惜|非营利|不顾|不妨",
        excuse="不良 不到 不足 不适 不实 不明 不清 不时 不太 不等 不一 不便 不当 不佳 无症状 无关 不高 不大 不力",
    ),
}
