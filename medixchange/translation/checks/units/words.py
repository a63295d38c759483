# ruff: noqa: E501 - a table reads best with one row a line
"""Words for units, per language. The form of the lists is that of the number words: ``*`` frees an end.

Symbols that every language shares (mg, mL, °C, %) stand first.
"""

#: The units told apart. Two units of one row are the same amount only if the numbers say so.
UNITS = (
    "mg", "µg", "g", "kg", "mL", "L", "°C", "°F", "°", "%", "mmHg", "IU", "ng", "dL",
    "second", "minute", "hour", "day", "week", "month", "year",
    "mm", "cm", "m", "km", "drop", "tablet", "mmol", "cmH2O", "nm", "µL", "‰", "µm", "mEq", "kPa",
)  # fmt: skip

#: Symbols right behind a number, as written anywhere in the world; lower case, longest first.
SYMBOLS: dict[str, str] = {
    "mg": "mg", "mgs": "mg", "mcg": "µg", "ug": "µg", "µg": "µg", "㎍": "µg", "㎎": "mg", "ng": "ng", "g": "g", "gr": "g", "gm": "g", "gms": "g",
    "kg": "kg", "㎏": "kg", "kgs": "kg", "ml": "mL", "㎖": "mL", "cc": "mL", "㏄": "mL", "dl": "dL", "l": "L", "lt": "L", "ltr": "L", "µl": "µL", "ul": "µL",
    "%": "%", "‰": "‰", "° c": "°C", "°c": "°C", "℃": "°C", "° f": "°F", "°f": "°F", "℉": "°F", "mmhg": "mmHg", "mm hg": "mmHg", "мм рт": "mmHg",
    "cmh2o": "cmH2O", "cmh₂o": "cmH2O", "iu": "IU", "ui": "IU", "i.u": "IU", "mmol": "mmol", "meq": "mEq", "nm": "nm", "µm": "µm", "um": "µm", "mm": "mm", "cm": "cm", "km": "km", "kpa": "kPa",
    "°с": "°C", "° с": "°C", "°": "°", "per cent": "%", "por ciento": "%", "por cento": "%", "pour cent": "%", "per cento": "%", "phần trăm": "%",
    "ملي غرام": "mg", "ميكرو غرام": "µg", "میلی گرم": "mg", "میلی لیتر": "mL", "मिली ग्राम": "mg", "मिली लीटर": "mL", "मि.ग्रा": "mg", "मि. ग्रा": "mg",
    "درجة مئوية": "°C", "درجه سانتیگراد": "°C", "درجة سيليزية": "°C", "मि.ली": "mL", "मि. ली": "mL", "कि.ग्रा": "kg", "डिग्री सेल्सियस": "°C", "डिग्री फ़ारेनहाइट": "°F", "डिग्री फारेनहाइट": "°F", "derajat celcius": "°C", "derajat celsius": "°C", "derajat fahrenheit": "°F", "darjah celsius": "°C", "darjah fahrenheit": "°F", "degrees celsius": "°C", "degrees fahrenheit": "°F", "degrés celsius": "°C", "degrés fahrenheit": "°F", "grados celsius": "°C", "grados fahrenheit": "°F", "grados centígrados": "°C", "graus celsius": "°C", "graus fahrenheit": "°F", "graus centígrados": "°C",
    "градусов цельсия": "°C", "градуса цельсия": "°C", "градус цельсия": "°C", "градусов по цельсию": "°C", "градусов фаренгейта": "°F", "градусов по фаренгейту": "°F", "درجة فهرنهايت": "°F", "nyuzi joto selsiasi": "°C", "digrii selsiasi": "°C", "digrii farenhaiti": "°F", "in mmhg": "mmHg", "mm. рт": "mmHg", "мм.рт": "mmHg", "мм ртутного": "mmHg",
}  # fmt: skip

#: What may follow a slash: "mg/kg/d", "次/分".
SLASHED: dict[str, str] = {
    "kg": "kg кг كغ كجم کیلوگرم किग्रा किलो 千克 公斤 ኪግ ኪ.ግ কেজি",
    "day": "d day days j jour día dia hari siku сут сутки день يوم روز दिन दिवस 日 天 ngày araw ቀን መዓልቲ দিন நாள்",
    "hour": "h hr hour heure hora jam saa ч час ساعة ساعت घंटा 小时 时 giờ",
    "minute": "min minute minuto menit minit мин dakika دقيقة मिनट 分钟 分 phút",
    "week": "week wk semaine semana minggu wiki нед أسبوع हफ्ता 周",
    "dL": "dl дл",
    "mL": "ml мл 毫升 مل",
    "L": "l л 升 لتر",
    "m²": "m2 m²",
}
#: What says that a number is below zero, before it.
BELOW_ZERO = "minus moins menos минус 零下 零下 سالب ناقص تحت منفی माइनस hasi negatif tolak âm -"

_LATIN = "mg:miligram* milligram* miligramm* milligramm* miligrama* | µg:microgram* mikrogram* microgramm* mikrogramm* micrograma* microgramo* | mL:mililit* millilit* mililitro* | L:litre* liter* litro* litri* | kg:kilogram* kilo kilos kilogramo* quilo* | g:gram grams gramm* gramo gramos grama gramas gramme grammes"

WORDS: dict[str, str] = {
    "en": f"{_LATIN} | %:percent percentage | °C:celsius centigrade | °F:fahrenheit | day:day days daytime | week:week weeks | hour:hour hours hr hrs | minute:minute minutes min mins | second:second seconds sec | month:month months | year:year years | m:metre metres meter meters | cm:centimetre* centimeter* | km:kilometre* kilometer* | mm:millimetre* millimeter* | drop:drop drops | tablet:tablet tablets pill pills | IU:units unit | °:degree degrees",
    "fr": f"{_LATIN} | %:pourcent pourcents pourcentage | °C:celsius | °F:fahrenheit | day:jour jours journée | week:semaine semaines | hour:heure heures | minute:minute minutes | second:seconde secondes | month:mois | year:an ans année années | m:mètre mètres | cm:centimètre* | km:kilomètre* | mm:millimètre* | drop:goutte gouttes | tablet:comprimé comprimés | IU:unité unités | °:degré degrés",
    "es": f"{_LATIN} | %:porciento | °C:celsius centígrados | °F:fahrenheit | day:día días | week:semana semanas | hour:hora horas | minute:minuto minutos | second:segundos | month:mes meses | year:año años | m:metro metros | cm:centímetro* | km:kilómetro* | mm:milímetro* | drop:gota gotas | tablet:comprimido* tableta* pastilla* | IU:unidades unidad | °:grado grados",
    "pt": f"{_LATIN} | °C:celsius centígrados | °F:fahrenheit | day:dia dias | week:semana semanas | hour:hora horas | minute:minuto minutos | second:segundos | month:mês meses | year:ano anos | m:metro metros | cm:centímetro* | km:quilômetro* quilómetro* | mm:milímetro* | drop:gota gotas | tablet:comprimido* | IU:unidades unidade | °:grau graus",
    "id": f"{_LATIN} | %:persen persennya prosen | °C:celcius celsius selsius | °F:fahrenheit | day:hari harinya | week:minggu pekan | hour:jam | minute:menit | second:detik | month:bulan | year:tahun | m:meter | cm:sentimeter | km:kilometer | mm:milimeter | drop:tetes | tablet:tablet | IU:unit | °:derajat",
    "ms": f"{_LATIN} | %:peratus | °C:celsius celcius | °F:fahrenheit | day:hari | week:minggu | hour:jam | minute:minit | second:saat | month:bulan | year:tahun | m:meter | cm:sentimeter | km:kilometer | mm:milimeter | drop:titis | tablet:tablet biji | IU:unit | °:darjah",
    "tl": f"{_LATIN} | %:porsiyento porsyento bahagdan | day:araw | week:linggo linggong | hour:oras | minute:minuto | second:segundo | month:buwan | year:taon taong | m:metro | tablet:tableta | drop:patak | °:digri",
    "vi": "mg:miligam | µg:microgam | g:gam gram | kg:kilôgam ký | mL:mililit | L:lít | day:ngày | week:tuần | hour:giờ | minute:phút | second:giây | month:tháng | year:năm tuổi | m:mét | tablet:viên | drop:giọt | °:độ",
    "sw": "mg:miligramu miligram* | µg:mikrogramu mikrogram* | g:gramu | kg:kilo kilogramu kilogram* | mL:mililita mililit* | L:lita | °C:selsiasi selsiyasi celsius selsius | °F:farenhaiti fahrenheit | %:asilimia | day:siku | week:wiki majuma | hour:saa | minute:dakika | second:sekunde | month:mwezi miezi | year:mwaka miaka | m:mita | cm:sentimita | km:kilomita | drop:matone tone | tablet:tembe kidonge vidonge | °:nyuzi digrii",
    "ru": "mg:миллиграмм* мг | µg:микрограмм* мкг | g:грамм грамма граммов граммах г | kg:килограмм* кг | mL:миллилитр* мл | L:литр литра литров литре л | dL:дл децилитр* | °C:цельси* | °F:фаренгейт* | %:процент* | day:день дня дней дням днях сутки суток дневн* днями | week:недел* | hour:час часа часов часам часах ч часовых часового | minute:минут* мин | second:секунд* сек | month:месяц* мес | year:год года лет году годов годах годам гг | m:метр метра метров м | cm:сантиметр* см | km:километр* км | mm:миллиметр* мм | nm:нм | drop:капл* капель | tablet:таблет* | IU:ед ме единиц* | mmol:ммоль | °:градус*",
    "ar": "mg:مليغرام* ملليغرام* ميليغرام* ملغرام* ملغ ملغم مجم ملجم مغ ملليجرام* مليجرام* | µg:ميكروغرام* مكغ ميكروجرام* مكجم مايكروغرام* ميكغ | g:غرام* جرام* غ جم غم | kg:كيلوغرام* كيلوجرام* كغ كجم كغم كلغ كيلو *كيلوغرام* *كيلوجرام* | mL:مليلتر* ملليلتر* ميليلتر* ملليتر* مللتر مل ملل | L:لتر* ليتر* ل لترات | °C:مئوية مئويه سيليزية سلسيوس | °F:فهرنهايت* | %:*بالمئة *بالمائة *المئة *المائة | day:يوم يوما يوميا يومين اليوم اليومين باليوم لليوم واليوم بيوم ليوم ويوم *أيام *ايام *الأيام | week:*أسبوع* *اسبوع* *أسابيع *اسابيع | hour:*ساعة *ساعات | minute:*دقيقة *دقائق | second:*ثانية *ثوان* | month:*شهر *شهرا *أشهر *شهور | year:*سنة *سنوات *عام *عاما *أعوام *سنين | m:متر امتار أمتار مترا | cm:سنتيمتر* سم | km:كيلومتر* كم | mm:ملليمتر* مم | drop:قطرة قطرات | tablet:قرص أقراص حبة حبات | IU:وحدة وحدات | °:*درجة *درجات",
    "fa": "mg:میلیگرم* | µg:میکروگرم* | g:گرم | kg:کیلوگرم* کیلو | mL:میلیلیتر* سیسی | L:لیتر* | °C:سانتیگراد سلسیوس | °F:فارنهایت | %:درصد* | day:روز* | week:هفته* | hour:ساعت* | minute:دقیقه* | second:ثانیه* | month:ماه* | year:سال* | m:متر | cm:سانتیمتر* | km:کیلومتر* | drop:قطره | tablet:قرص | °:درجه",
    "ur": "mg:ملیگرام ملی_گرام | µg:مائیکروگرام | g:گرام | kg:کلوگرام کلو | mL:ملی_لیٹر ملیلیٹر | L:لیٹر | %:فیصد فی_صد | °C:سینٹیگریڈ سیلسیس | day:دن دنوں روز | week:ہفتے ہفتہ ہفتوں | hour:گھنٹے گھنٹہ گھنٹوں | minute:منٹ | second:سیکنڈ | month:ماہ مہینے مہینوں مہینہ | year:سال سالہ سالوں | m:میٹر | km:کلومیٹر | drop:قطرے | tablet:گولی گولیاں | °:ڈگری",
    "hi": "mg:मिलीग्राम* मिग्रा मि.ग्रा मिग्राम मिलिग्राम* एमजी | µg:माइक्रोग्राम* एमसीजी | g:ग्राम* | kg:किलोग्राम* किग्रा किलो कि.ग्रा | mL:मिलीलीटर* मिलि मिली मिलीलिटर मिलिलीटर* एमएल | L:लीटर* लिटर | °C:सेल्सियस सेंटीग्रेड सेल्सीयस | °F:फारेनहाइट फ़ारेनहाइट फैरेनहाइट | %:प्रतिशत फीसदी फ़ीसदी | day:दिन दिनों दिवस दिवसीय रोज | week:सप्ताह हफ्ते हफ़्ते हफ्तों हफ्ता सप्ताहों | hour:घंटे घंटों घंटा घण्टे घंटें | minute:मिनट मिनटों | second:सेकंड सेकेंड | month:महीने महीनों माह महीना | year:वर्ष साल वर्षों वर्षीय सालों | m:मीटर | cm:सेंटीमीटर सेमी | km:किलोमीटर किमी | drop:बूंद बूंदें बूँदें | tablet:गोली गोलियां टैबलेट | IU:यूनिट | °:डिग्री",
    "bn": "mg:মিলিগ্রাম* মিগ্রা | µg:মাইক্রোগ্রাম* | g:গ্রাম* | kg:কিলোগ্রাম* কেজি* কিলো | mL:মিলিলিটার* মিলি | L:লিটার* | °C:সেলসিয়াস* সেন্টিগ্রেড* | °F:ফারেনহাইট* | %:শতাংশ* শতকরা | day:দিন* | week:সপ্তাহ* | hour:ঘন্টা* ঘণ্টা* | minute:মিনিট* | second:সেকেন্ড* | month:মাস* | year:বছর* বছরে* | m:মিটার* | km:কিলোমিটার* | drop:ফোঁটা* | tablet:ট্যাবলেট* | °:ডিগ্রি",
    "ta": "mg:மில்லிகிராம்* மி.கி மிகி | µg:மைக்ரோகிராம்* | g:கிராம்* | kg:கிலோகிராம்* கிலோ* | mL:மில்லிலிட்டர்* மில்லி மிலி | L:லிட்டர்* | °C:செல்சியஸ்* | %:சதவீத* சதவிகித* விழுக்கா* | day:நாள்* நாட்கள்* நாளு* நாட்களு* | week:வார* | hour:மணி_நேர* மணிநேர* மணி | minute:நிமிட* | second:வினாடி* நொடி* | month:மாத* | year:ஆண்டு* வருட* வயது* ஆண்டுகள்* | m:மீட்டர்* | km:கிலோமீட்டர்* | tablet:மாத்திரை* | drop:துளி* | °:டிகிரி*",
    "am": "mg:*ሚሊግራም* *ሚ.ግ* | µg:*ማይክሮግራም* | g:ግራም* *ግራም | kg:*ኪሎግራም* *ኪሎ *ኪ.ግ* | mL:*ሚሊሊትር* *ሚሊ_ሊትር* | L:ሊትር* | °C:*ሴልሺየስ* *ሴልሲየስ* *ሴንቲግሬድ* | %:*በመቶ* *ከመቶ* *ፐርሰንት* | day:*ቀን* *ቀና* | week:*ሳምንት* *ሳምንታት* | hour:*ሰዓት* *ሰአት* *ሰዓታት* | minute:*ደቂቃ* | second:*ሰከንድ* | month:*ወር* *ወራት* | year:*ዓመት* *አመት* *ዓመታት* *አመታት* | m:*ሜትር* | km:*ኪሎሜትር* | tablet:*ክኒን* *ኪኒን* | °:*ዲግሪ*",
    "ti": "mg:*ሚሊግራም* | µg:*ማይክሮግራም* | g:ግራም* | kg:*ኪሎግራም* *ኪሎ | mL:*ሚሊሊትር* | L:ሊትሮ ሊትር* | °C:*ሴልሽየስ* *ሴንቲግሬድ* *ሴልስየስ* | %:*ምኢታዊ* *ምእታዊ* *ሚእታዊት* *ሚእታዊ* *ካብ_ሚእቲ* | day:*መዓልት* *መዓልታት* | week:*ሰሙን* *ሰሙናት* *ሰሙኒ* | hour:*ሰዓት* *ሰዓታት* | minute:*ደቂቕ* *ደቒቕ* *ደቓይቕ* *ደቓቒቕ* | month:*ወርሒ* *ኣዋርሕ* *ወርሕ* | year:*ዓመት* *ዓመታት* *ዓመተ* | m:*ሜትሮ* *ሜትር* | °:*ዲግሪ*",
    "my": "mg:မီလီဂရမ် | µg:မိုက်ခရိုဂရမ် | g:ဂရမ် | kg:ကီလိုဂရမ် ကီလို | mL:မီလီလီတာ | L:လီတာ | °C:စင်တီဂရိတ် ဆဲလ်စီးယပ်စ် | %:ရာခိုင်နှုန်း ရာနှုန်း | day:ရက် | week:ပတ် သီတင်းပတ် | hour:နာရီ | minute:မိနစ် | second:စက္ကန့် | month:လ | year:နှစ် | m:မီတာ | tablet:ဆေးပြား | °:ဒီဂရီ",
    "km": "mg:មីលីក្រាម | µg:មីក្រូក្រាម | g:ក្រាម | kg:គីឡូក្រាម គីឡូ | mL:មីលីលីត្រ | L:លីត្រ | °C:អង្សាសេ | %:ភាគរយ | day:ថ្ងៃ | week:សប្តាហ៍ សប្ដាហ៍ អាទិត្យ | hour:ម៉ោង | minute:នាទី | second:វិនាទី | month:ខែ | year:ឆ្នាំ | m:ម៉ែត្រ | tablet:គ្រាប់ | °:អង្សា",
    "th": "mg:มิลลิกรัม มก | µg:ไมโครกรัม มคก | g:กรัม | kg:กิโลกรัม กก | mL:มิลลิลิตร มล ซีซี | L:ลิตร | °C:องศาเซลเซียส | %:เปอร์เซ็นต์ ร้อยละ | day:วัน | week:สัปดาห์ | hour:ชั่วโมง | minute:นาที | second:วินาที | month:เดือน | year:ปี | m:เมตร | tablet:เม็ด | drop:หยด | °:องศา",
    "zh": "mg:毫克 | µg:微克 | ng:纳克 | g:克 | kg:千克 公斤 | mL:毫升 | L:升 | dL:分升 | °C:摄氏度 ℃ °C | °F:华氏度 ℉ | %:百分之 | mmHg:毫米汞柱 | day:天 日 昼夜 | week:周 星期 礼拜 | hour:小时 钟头 | minute:分钟 | second:秒 | month:个月 月 | year:年 岁 | mm:毫米 | cm:厘米 公分 | m:米 公尺 | km:公里 千米 | nm:纳米 | µm:微米 | drop:滴 | tablet:片 | IU:国际单位 单位 | °:度",
    "zu": "mg:*miligremu *milligram* *mamiligremu | g:*gremu *amagremu | kg:*khilogremu *kilogremu *amakhilo | mL:*millilitha *mililitha | L:*litha *amalitha | %:*phesenti* *amaphesenti | day:*nsuku *suku *zinsuku | week:*viki *amaviki *sonto *amasonto | hour:*hora *mahora *amahora | minute:*zuzu *mizuzu *imizuzu | month:*nyanga *zinyanga | year:*nyaka *minyaka *iminyaka *unyaka",
    "lg": "%:kikumi | day:*naku olunaku lunaku | week:wiiki *sabbiiti ssabbiiti | hour:*ssaawa *saawa | minute:*ddakiika *dakiika | month:*myezi omwezi mwezi | year:*myaka omwaka mwaka | kg:kilo | mL:mililiita | mg:miligulaamu | L:liita",
    "ln": "%:pourcent | day:mokolo mikolo | week:poso baposo mposo | hour:ngonga bangonga | minute:miniti baminiti | month:sanza basanza sánzá | year:mobu mibu mbula bambula | kg:kilo bakilo | mg:miligrame | mL:mililitre | L:litre balitre",
    "rw": "mg:*iligarama | g:garama | kg:ibiro ikilo kilo *kilogarama | mL:*ililitiro | L:litiro | %:ijana | day:*nsi *minsi umunsi | week:*cyumweru *byumweru | hour:*saha *amasaha | minute:*munota *minota iminota | month:*kwezi *ukwezi *mezi amezi | year:*myaka umwaka *mwaka | m:metero | °C:selisiyusi",
    "so": "mg:milligaraam miligaraam | g:garaam | kg:kiilo kiilogaraam | mL:milliliitar mililiitar | L:liitar | %:boqolkiiba boqolkii | day:maalin maalmood maalmo maalinood | week:toddobaad* todobaad* asbuuc usbuuc | hour:saac saacadood saacadaha saacad | minute:daqiiqo daqiiqadood daqiiqadaha | month:bil bilood bilo | year:sano sanno sannad* sannadood sannadka",
    "om": "mg:miligiraamii | g:giraamii | kg:kiiloo kiiloogiraamii | mL:miliiliitirii | L:liitirii | %:dhibbeentaa persentii parsantii | day:guyyaa* guyyoota* | week:torban* torbee* | hour:sa'aati* sa'aa* saatii | minute:daqiiqaa* | month:ji'a* baatii | year:waggaa* waggoot* bara",
    "ha": "mg:miligiram | g:giram | kg:kilo kilogiram | mL:mililita | L:lita | %:kashi bisa | day:kwana kwanaki rana | week:mako makonni makwanni | hour:awa awanni awoyi | minute:minti mintuna | month:wata watanni | year:shekara shekaru",
}

#: What says "per", before a unit, per language; the slash is everyone's.
PER: dict[str, str] = {
    "en": "per a an each every", "fr": "par chaque", "es": "por al a_la cada", "pt": "por ao à cada a", "id": "per se setiap tiap", "ms": "per se setiap tiap",
    "ru": "на в за", "ar": "لكل كل في فی لکل کل", "fa": "در هر به_ازای", "ur": "فی", "hi": "प्रति हर", "bn": "প্রতি", "sw": "kwa kila",
    "zh": "每 一", "tl": "bawat kada", "vi": "mỗi một", "ta": "ஒரு ஒவ்வொரு", "so": "kasta", "rw": "ku buri", "zu": "ngo",
}  # fmt: skip

#: "Per day" in the abbreviations that prescribers of all languages use.
PRESCRIBED = "day:q.d qd b.i.d bid t.i.d tid q.i.d qid"
#: Words that say "per day" and the like by themselves.
RATES: dict[str, str] = {
    "en": "day:daily q.d qd od b.i.d bid t.i.d tid q.i.d qid | hour:hourly | week:weekly",
    "fr": "day:quotidien* quotidienne* | hour:horaire | week:hebdomadaire*",
    "es": "day:diario diaria diarios diarias diariamente | week:semanal semanales semanalmente",
    "pt": "day:diário diária diários diárias diariamente | week:semanal semanais semanalmente",
    "id": "day:sehari harian setiap_hari hari perhari | week:seminggu mingguan | hour:sejam | minute:semenit | kg:perkg",
    "ms": "day:sehari harian hari | week:seminggu mingguan | hour:sejam | minute:seminit",
    "ru": "day:ежедневн* сутки суточн* день | week:еженедел* неделю | hour:час ежечасн* | minute:минуту | kg:кг килограмм*",
    "ar": "day:يوم يوما يوميا يومين اليوم اليومين باليوم لليوم واليوم بيوم ليوم ويوم يومي يومية اليومي اليومية | week:*أسبوعيا *أسبوع* | hour:*ساعة | minute:*دقيقة | kg:*كغ *كيلو* *كجم",
    "fa": "day:روزانه روز | week:هفتگی هفته | hour:ساعت | minute:دقیقه | kg:کیلوگرم کیلو",
    "ur": "day:روزانہ یومیہ دن | hour:گھنٹہ | week:ہفتہ",
    "hi": "day:प्रतिदिन रोज रोज़ रोजाना रोज़ाना दैनिक दिन | week:साप्ताहिक प्रतिसप्ताह सप्ताह | hour:प्रतिघंटा घंटा घंटे | minute:मिनट | kg:किलोग्राम किग्रा किलो",
    "bn": "day:প্রতিদিন দৈনিক দিনে | week:সাপ্তাহিক সপ্তাহে | hour:ঘণ্টায়",
    "sw": "day:siku | week:wiki | hour:saa | minute:dakika | kg:kilo kilogramu",
    "zh": "day:每日 每天 | week:每周 | hour:每小时 | minute:每分钟 | kg:每千克 每公斤",
    "tl": "day:araw-araw araw | week:lingguhan linggo",
    "vi": "day:ngày | week:tuần",
}
