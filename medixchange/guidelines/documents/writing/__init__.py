def to_html(d):
    return ""


def to_markdown(d):
    return ""


def to_pdf(d):
    return b""
