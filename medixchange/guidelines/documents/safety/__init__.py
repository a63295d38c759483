"""What stands between a file somebody sends and the programs that read it.

Every file is measured and looked at before anything parses it; what cannot be read safely is
refused with one sentence that names the file, the place and what to do.
"""

from medixchange.guidelines.documents.safety.archives import unpack
from medixchange.guidelines.documents.safety.files import Format, decode, load
from medixchange.guidelines.documents.safety.pictures import (
    CleanPicture,
    PictureRefused,
    clean_picture,
)
from medixchange.guidelines.documents.safety.refusal import DocumentRefused

__all__ = [
    "CleanPicture",
    "DocumentRefused",
    "Format",
    "PictureRefused",
    "clean_picture",
    "decode",
    "load",
    "unpack",
]
