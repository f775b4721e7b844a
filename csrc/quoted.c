/* Quoted-printable, around a run that a "=" is behind. */

#include <stdlib.h>

#include "skim.h"

/* How much is read before such a run and behind it, as in hexscan.decoders.readings; and how much
 * at the least, since there may be many of them. */
enum { BEFORE = 1024 + 64, BEHIND = 6144, AT_ONCE = 1 << 14 };

enum { MOST_BLANKS = 64 };

/* Returns how long the escape at `at` is, which is a "=", or 0 if it is none. One of three bytes
 * that ends with a hex digit stands for a byte, and a soft line break for nothing. As in
 * hexscan.decoders.quoted_printable. */
static size_t length_of_escape(const byte *data, size_t at, size_t stop)
{
    if (stop - at > 2 && is(data[at + 1], HEX) && is(data[at + 2], HEX))
        return 3;
    size_t end = end_of(data, at + 1, least(stop, at + 1 + MOST_BLANKS), BLANK);
    end += end < stop && data[end] == '\r';
    return end < stop && data[end] == '\n' ? end + 1 - at : 0;
}

/* Writes what [at, stop) reads as quoted-printable, and returns how long that is. */
static size_t unquote(const byte *data, size_t at, size_t stop, byte *text)
{
    size_t length = 0;
    while (at < stop) {
        const byte *sign = memchr(data + at, '=', stop - at);
        size_t plain = sign == NULL ? stop - at : (size_t)(sign - (data + at));
        memcpy(text + length, data + at, plain);
        length += plain;
        at += plain;
        if (at == stop)
            break;
        size_t escape = length_of_escape(data, at, stop);
        if (escape == 0)
            text[length++] = data[at++];
        else if (is(data[at + escape - 1], HEX))
            text[length++] = byte_at(data + at + 1);
        at += escape;
    }
    return length;
}

bool skim_may_be_quoted(const struct part *part, size_t start, size_t end)
{
    size_t low = start - part->start > BEFORE ? start - BEFORE : part->start;
    size_t high = least(part->stop, end + BEHIND);
    if (part->quoted->start <= low && high <= part->quoted->stop)
        return false;
    if (high - low < AT_ONCE)
        high = least(part->stop, low + AT_ONCE);
    byte *text = malloc(high - low);
    if (text == NULL)
        return true;
    size_t length = unquote(part->data, low, high, text);
    bool found =
        length < high - low && skim_encoded_place(text, length, 0, length, part->depth + 1) != NONE;
    free(text);
    *part->quoted = (struct span){low, high};
    return found;
}
