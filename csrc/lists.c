/* Lists of numbers, as Erlang and JSON print a string of bytes. */

#include <stdlib.h>

#include "skim.h"

/* A number at the start of a word, and how many bytes of the word it takes: none if there is none.
 * What is greater than a byte counts as the greatest, as in hexscan.decoders.integers. */
struct number {
    int value;
    size_t size;
};

static struct number number_of(const byte *word, size_t size)
{
    bool is_hex = size > 2 && word[0] == '0' && lower(word[1]) == 'x' && is(word[2], HEX);
    size_t at = is_hex ? 2 : 0, end = least(size, is_hex ? 4 : 3);
    int value = 0;
    for (; at < end; at++) {
        byte digit = lower(word[at]);
        if (digit >= '0' && digit <= '9')
            value = value * (is_hex ? 16 : 10) + (digit - '0');
        else if (is_hex && digit >= 'a' && digit <= 'f')
            value = value * 16 + (digit - 'a' + 10);
        else
            break;
    }
    return (struct number){value < 255 ? value : 255, at};
}

static bool holds_key(const byte *text, size_t length, int depth)
{
    return length >= FEWEST_COMMAS &&
           skim_encoded_place(text, length, 0, length, depth + 1) != NONE;
}

bool skim_lists_text(const struct part *part, size_t start, size_t end)
{
    const byte *data = part->data;
    /* Half of that would do, but for a file that somebody changes meanwhile. */
    byte *text = malloc(end - start + 1);
    size_t length = 0, at = start;
    bool has_comma = false, found = text == NULL;
    while (at < end && !found) {
        size_t word = at;
        at = end_of(data, at, end, NUMERAL);
        if (at > word) {
            struct number number = number_of(data + word, at - word);
            bool is_number = number.size == at - word;
            if (has_comma && number.size > 0)
                text[length++] = (byte)number.value;
            if (!has_comma || !is_number) {
                /* A list ends here, perhaps with the start of this word; another may begin. */
                found = holds_key(text, length, part->depth);
                length = 0;
                if (is_number)
                    text[length++] = (byte)number.value;
            }
        }
        for (has_comma = false; at < end && !is(data[at], NUMERAL); at++)
            has_comma |= data[at] == ',';
    }
    found = found || holds_key(text, length, part->depth);
    free(text);
    return found;
}
