"""Makes the font of printed statements: GB 2312 and Latin of Noto Sans CJK SC, without hints and layout features.

    subset.py NotoSansCJK-Regular.ttc OUT.otf     needs fonttools; the ttc is of Debian's fonts-noto-cjk
"""
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

wanted = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(map(ord, "–—‘’“”•…€₩₹₽₺−×÷→←↑↓✓✗№≤≥≈"))
for first in range(0xA1, 0xF8):
    for second in range(0xA1, 0xFF):
        try:
            wanted.add(ord(bytes([first, second]).decode("gb2312")))
        except UnicodeDecodeError:
            pass
# Characters of names that GB 2312 lacks and that are met often.
wanted |= set(map(ord, "喆垚镕珺玥琇瑄昇堃彧晞婳嬿祎翀赟雱頔龑囍堌"))
font = next(font for font in TTCollection(sys.argv[1]).fonts if font["name"].getDebugName(1) == "Noto Sans CJK SC")
options = subset.Options(layout_features=["kern"], hinting=False, desubroutinize=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=wanted)
subsetter.subset(font)
lacking = sorted(wanted - set(font.getBestCmap()))
print(f"{len(font.getBestCmap())} characters; the font lacks {''.join(map(chr, lacking))}")
font.flavor = None
font["head"].modified = font["head"].created
font.recalcTimestamp = False
font.save(sys.argv[2])
