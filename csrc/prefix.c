/* The prefix of a key: what stands behind it, and whether that can go on as a key. */

#include "skim.h"

/* As hexscan.decoders.prefixes._may_go_on: whether glue and more of a key can stand here. */
static bool may_go_on(const byte *rest, size_t size, bool digits)
{
    size_t at = end_of(rest, 0, size, PUNCTUATION);
    if (at == size || is(rest[at], OTHER_GLUE))
        return true;
    if (rest[at] == '_' || is(rest[at], HEX)) {
        bool is_number = rest[at] == '_' || (rest[at] >= '0' && rest[at] <= '9');
        if (digits || is_number)
            return true;
    }
    for (size_t ahead = at; ahead < size && ahead < at + 3; ahead++)
        if (is(rest[ahead], QUOTE))
            return true;
    return false;
}

/* As hexscan.decoders.prefixes._may_be_escape: whether one starts here, as two bytes tell. */
static bool may_be_escape(const byte *rest, size_t size)
{
    byte next = size > 1 ? rest[1] : 0;
    bool is_last = size < 2;
    switch (rest[0]) {
    case '\\':
        return is_last || is(next, BEHIND_BACKSLASH);
    case '&':
        return next == '#' || (lower(next) >= 'a' && lower(next) <= 'z');
    case '=':
        if (!is_last && (next == ' ' || next == '\t' || next == '\r' || next == '\n'))
            return true;
        break;
    default:
        break;
    }
    return end_of(rest, 1, least(size, 3), HEX) == least(size, 3);
}

bool skim_may_be_prefix(const byte *data, size_t at, size_t size)
{
    const size_t more = 4; /* what is looked at behind the digits */
    size_t end = least(size, at + 4 + DIGITS + more), rest = at + 3;
    bool has_separator = data[rest] == '_';
    size_t digits = 0;
    if (has_separator) {
        rest = end_of(data, rest + 1, end, HEX);
        digits = rest - (at + 4);
    }
    if (digits >= DIGITS)
        return skim_has_right_checksum(data + at + 4);
    if (rest == end)
        return false;
    if (is(data[rest], GLUE) && may_go_on(data + rest, end - rest, has_separator))
        return true;
    if (is(data[rest], SIGN))
        return may_be_escape(data + rest, end - rest);
    return is(data[rest], GLUE) && digits > 0;
}
