/* Which byte is of which kinds. */

#include "skim.h"

uint32_t skim_kinds[256];

static void add(uint32_t kind, const char *members)
{
    for (; *members; members++)
        skim_kinds[(byte)*members] |= kind;
}

void skim_fill_kinds(void)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    add(HEX | ESCAPING | LISTED | NUMERAL | SPELLING, hex);
    add(NUMERAL, "xX");
    add(IDENTIFIER, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");
    add(LETTER | MEMBER, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/");
    add(MEMBER, "-_");
    add(BLANK, " \t");
    add(LINE_END, "\r\n");
    add(SPACE, " \t\r\n\f\v");
    add(PRINTED, "\t\r\n");
    for (int character = ' '; character <= '~'; character++)
        skim_kinds[character] |= PRINTED;
    add(NEEDLE, "hH_ao");
    add(ESCAPING, "hHxXuU_{}#;%\\&=");
    add(LISTED, "xX, \r\n\t");
    add(SIGN, "%\\&=");
    add(SPELLING, "hHxXuUmplowrs_{}#;+.<>\"'` \r\n%\\&=");
    add(BEHIND_HEX, "_.:- ,='\t\r\npP%\\&\"`\x1b\xe2\xc2\xef");
    add(BEHIND_KEY, "', =\t\r\n%\\&");
    add(GLUE, "\"'`\\\r\n\t \x1b\xe2\xc2\xef");
    add(PUNCTUATION, " \t\r\n\\\"'`+.<>&|~,@$#*/;%-[]");
    add(OTHER_GLUE, "\x1b\xe2\xc2\xef");
    add(QUOTE, "\"'`");
    add(TEXT_GROUP, "ACDGIJKLMNOPQRSTUVWXYZabcdef");
    add(LOW_HALF, "01234567");
    add(BEHIND_BACKSLASH, "xXuU01\\\"'/nrte");
}
