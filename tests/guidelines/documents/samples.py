"""The same three lines on hand hygiene in many scripts, for what is written."""

from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Cell,
    Document,
    Inline,
    InlineKind,
    Mark,
    Text,
)

#: By language: title, heading, sentence, dose; and a word that must be found in a file again.
WORDS = {
    "en": ("Infection prevention", "Hand hygiene", "Wash your hands for 40 to 60 seconds.",
           "Dose: paracetamol 500 mg every 6 hours.", "paracetamol"),
    "am": ("የኢንፌክሽን መከላከያ", "የእጅ ንጽህና", "እጅዎን በውሃና በሳሙና ለ40 እስከ 60 ሰከንድ ይታጠቡ።",
           "መጠን፦ ፓራሲታሞል 500 mg በየ6 ሰዓቱ።", "ፓራሲታሞል"),
    "ar": ("الوقاية من العدوى", "غسل اليدين", "اغسل يديك بالماء والصابون لمدة 40 إلى 60 ثانية.",
           "الجرعة: باراسيتامول 500 mg كل 6 ساعات.", "باراسيتامول"),
    "bn": ("সংক্রমণ প্রতিরোধ", "হাতের পরিচ্ছন্নতা", "সাবান ও পানি দিয়ে ৪০ থেকে ৬০ সেকেন্ড হাত ধোবেন।",
           "মাত্রা: প্যারাসিটামল 500 mg প্রতি ৬ ঘণ্টায়।", "প্যারাসিটামল"),
    "fa": ("پیشگیری از عفونت", "بهداشت دست", "دست‌ها را ۴۰ تا ۶۰ ثانیه با آب و صابون بشویید.",
           "مقدار: پاراستامول ۵۰۰ mg هر ۶ ساعت.", "پاراستامول"),
    "hi": ("संक्रमण की रोकथाम", "हाथों की स्वच्छता", "साबुन और पानी से 40 से 60 सेकंड तक हाथ धोएँ।",
           "मात्रा: पैरासिटामोल 500 mg हर 6 घंटे।", "पैरासिटामोल"),
    "km": ("ការបង្ការការឆ្លង", "អនាម័យដៃ", "លាងដៃជាមួយសាប៊ូ និងទឹករយៈពេល ៤០ ទៅ ៦០ វិនាទី។",
           "ប៉ារ៉ាសេតាម៉ុល 500 mg រៀងរាល់ ៦ ម៉ោង។", "ប៉ារ៉ាសេតាម៉ុល"),
    "my": ("ကူးစက်ရောဂါ ကာကွယ်ရေး", "လက်ဆေးခြင်း", "ဆပ်ပြာနှင့် ရေဖြင့် စက္ကန့် ၄၀ မှ ၆၀ အထိ လက်ဆေးပါ။",
           "ပါရာစီတမော 500 mg ကို ၆ နာရီတစ်ကြိမ်။", "ပါရာစီတမော"),
    "ta": ("தொற்று தடுப்பு", "கை சுகாதாரம்", "சோப்பு மற்றும் தண்ணீரால் 40 முதல் 60 விநாடிகள் கழுவவும்.",
           "அளவு: பாராசிட்டமால் 500 mg ஒவ்வொரு 6 மணி நேரத்திற்கும்.", "பாராசிட்டமால்"),
    "th": ("การป้องกันการติดเชื้อ", "สุขอนามัยของมือ", "ล้างมือด้วยสบู่และน้ำ 40 ถึง 60 วินาที",
           "พาราเซตามอล 500 mg ทุก 6 ชั่วโมง", "พาราเซตามอล"),
    "ur": ("انفیکشن سے بچاؤ", "ہاتھوں کی صفائی", "صابن اور پانی سے 40 سے 60 سیکنڈ تک ہاتھ دھوئیں۔",
           "خوراک: پیراسیٹامول 500 mg ہر 6 گھنٹے۔", "پیراسیٹامول"),
    "zh": ("感染预防指南", "手卫生", "用肥皂和水洗手40至60秒。",
           "剂量：对乙酰氨基酚500 mg，每6小时一次。", "对乙酰氨基酚"),
}  # fmt: skip


def sample(tag: str) -> Document:
    """Something of everything in one language, with one passage left in English."""
    title, heading, sentence, dose, _word = WORDS[tag]
    strong, power = InlineKind.STRONG, InlineKind.SUPERSCRIPT
    approved = Mark("approved", "approved by Dr A, General Hospital, 1 May 2024")
    machine = Mark("machine", "machine: engine, not reviewed")
    missing = Mark("missing", "not translated yet", "en")
    powers = Text("10<g1>9</g1>", (Inline(1, power),))
    return Document(
        title,
        tag,
        [
            Block(BlockKind.HEADING, Text(heading), level=1),
            Block(
                BlockKind.PARAGRAPH,
                Text(
                    f"{sentence}<x1/> <g2>{dose}</g2>",
                    (Inline(1, InlineKind.FOOTNOTE_MARK, "1"), Inline(2, strong)),
                ),
                mark=approved,
            ),
            Block(BlockKind.HEADING, Text(f"{heading} 2"), level=3, anchor="second"),
            Block(BlockKind.ITEM, Text(sentence), level=1, ordered=True, number=3, mark=machine),
            Block(BlockKind.ITEM, Text(dose), level=2),
            Block(BlockKind.ITEM, Text(dose), level=1, ordered=True, number=3, continued=True),
            Block(BlockKind.PARAGRAPH, Text("Not yet in this language."), mark=missing),
            Block(
                BlockKind.TABLE,
                Text(heading),
                rows=(
                    (Cell(Text(heading), True), Cell(Text(title), True, 1, 2)),
                    (Cell(Text(dose), True, 2), Cell(Text("5–10 mg/kg")), Cell(powers)),
                    (Cell(Text("500 mg")), Cell(Text(sentence))),
                ),
            ),
            Block(BlockKind.HEADING, Text(f"{heading} 3"), level=1),
            Block(BlockKind.QUOTE, Text(sentence)),
            Block(
                BlockKind.PARAGRAPH,
                Text(
                    "<g1>WHO</g1> <g2>→ 2</g2>",
                    (
                        Inline(1, InlineKind.LINK, "https://www.who.int/"),
                        Inline(2, InlineKind.LINK, "#second"),
                    ),
                ),
            ),
            Block(BlockKind.FOOTNOTE, Text(dose), label="1"),
        ],
        state_line=f"{title} · 3 · 87 %",
        sources=(sentence,),
    )
