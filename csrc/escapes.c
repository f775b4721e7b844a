/* Runs of digits and escapes: whether the escapes can be those of a prefix, or of all of a key. */

#include "skim.h"

/* Tells whether there are so many bytes of a kind. */
static bool has(const byte *data, size_t start, size_t end, uint32_t kind, size_t number)
{
    size_t found = 0;
    for (size_t at = start; at < end && found < number; at++)
        found += is(data[at], kind);
    return found == number;
}

static bool has_sign(const byte *data, size_t start, size_t end)
{
    for (const char *sign = "%\\&="; *sign; sign++)
        if (memchr(data + start, *sign, end - start) != NULL)
            return true;
    return false;
}

/* How many leading zeros a number in an escape may have. */
enum { MOST_ZEROS = 6 };

/* Tells whether an escape can end at `at` but for its last two digits: its sign, which may itself
 * be an escape, and what stands between it and the digits. */
static bool is_begun(const byte *data, size_t start, size_t at)
{
    size_t left = at - start;
    byte last = left > 0 ? data[at - 1] : 0, other = left > 1 ? data[at - 2] : 0;
    if (last == '%' || last == '=' || (last == '5' && other == '2') ||
        (lower(last) == 'd' && other == '3'))
        return true;
    for (int zeros = 0; at > start && data[at - 1] == '0' && zeros < MOST_ZEROS; zeros++)
        at--;
    if (at > start && data[at - 1] == '{')
        at--;
    if (at - start < 2 || (lower(data[at - 1]) != 'x' && lower(data[at - 1]) != 'u'))
        return false;
    byte sign = data[at - 2];
    return sign == '\\' || sign == '#' || lower(sign) == 'c';
}

/* Tells whether "h", "e" or "x" in either case are two hex digits. */
static bool spells_hex_letter(byte high, byte low)
{
    return ((high == '4' || high == '6') && (low == '5' || low == '8')) ||
           ((high == '5' || high == '7') && low == '8');
}

/* The same for three octal digits. */
static bool spells_octal_letter(const byte *digits)
{
    byte middle = digits[1];
    if (digits[0] != '1')
        return false;
    return digits[2] == '0' ? middle == '1' || middle == '5' || middle == '3' || middle == '7'
                            : digits[2] == '5' && (middle == '0' || middle == '4');
}

/* The same for a decimal entity, from its "#" on. */
static bool spells_decimal_letter(const byte *entity, size_t size)
{
    size_t at = 1;
    unsigned value = 0;
    while (at < size && entity[at] == '0' && at <= MOST_ZEROS)
        at++;
    for (; at < size && entity[at] >= '0' && entity[at] <= '9' && value < 1000; at++)
        value = value * 10 + (unsigned)(entity[at] - '0');
    if (at == size || entity[at] != ';' || value > 'x')
        return false;
    byte letter = lower((byte)value);
    return value >= 'E' && (letter == 'h' || letter == 'e' || letter == 'x');
}

/* As the pattern in hexscan.decoders.spelling: whether a letter of the prefix is escaped. */
static bool spells_letter(const byte *data, size_t start, size_t end)
{
    for (size_t at = start; at < end; at++) {
        size_t left = end - at;
        if (left >= 2 && spells_hex_letter(data[at], data[at + 1]) && is_begun(data, start, at))
            return true;
        if (left >= 4 && data[at] == '\\' && spells_octal_letter(data + at + 1))
            return true;
        if (data[at] == '#' && spells_decimal_letter(data + at, left))
            return true;
    }
    return false;
}

bool skim_may_be_escaped(const byte *data, size_t start, size_t end)
{
    const size_t reach = 128; /* how far before its digits an escaped prefix ends at most */
    if (!has(data, start, end, HEX, FEWEST_DIGITS))
        return false;
    size_t before = start_of(data, start, start > reach ? start - reach : 0, SPELLING);
    if (!has_sign(data, before, end))
        return false;
    if (end - start >= SHORTEST_LIST && has(data, start, end, HEX, 2 * DIGITS) &&
        has(data, start, end, SIGN, FEWEST_COMMAS))
        return true;
    return spells_letter(data, before, end);
}
