/* What could be a label: the words that are in every one of a kind. See hexscan.labels. */

#include "skim.h"

/* How far before a label an escape may be that hides it, and how long one is at most. */
enum { BESIDE = 24, LONGEST_LABEL = 80 };

/* Tells whether a word in lower case stands in [start, end), in either case. */
static bool holds_word(const byte *data, size_t start, size_t end, const char *word)
{
    size_t size = strlen(word);
    for (; start + size <= end; start++) {
        size_t at = 0;
        while (at < size && lower(data[start + at]) == (byte)word[at])
            at++;
        if (at == size)
            return true;
    }
    return false;
}

/* Tells whether what can be an escape starts in [start, end). */
static bool has_escape(const byte *data, size_t start, size_t end, size_t size)
{
    for (size_t at = start; at < end; at++) {
        byte next = at + 1 < size ? data[at + 1] : 0;
        if (data[at] == '\\' || (data[at] == '%' && is(next, HEX)) ||
            (data[at] == '&' && (next == '#' || is(next, IDENTIFIER))))
            return true;
    }
    return false;
}

/* By the byte behind "hex", as the readers in hexscan.labels. */
bool skim_may_be_label(const byte *data, size_t at, size_t size)
{
    size_t before = at > BESIDE ? at - BESIDE : 0, behind = at + 3;
    size_t far = least(size, at + LONGEST_LABEL), word = end_of(data, at, far, IDENTIFIER);
    if (has_escape(data, before, far, size))
        return true;
    switch (data[behind]) {
    case 'p':
    case 'P':
        if (word < size && data[word] == ':')
            return true;
        /* fall through */
    case '_':
        return holds_word(data, at, word, "key") || holds_word(data, at, word, "token");
    case '.':
    case ' ':
    case '\t':
        return holds_word(data, before, at, "mix") || holds_word(data, before, at, "rebar3") ||
               holds_word(data, at, far, "/repos/");
    case ',':
        return holds_word(data, at, far, "key");
    case '-':
        return holds_word(data, at, far, "organization") || holds_word(data, at, far, "repository");
    default:
        return data[behind] == ':';
    }
}

bool skim_may_be_term(const byte *data, size_t at, size_t size)
{
    const size_t key = sizeof "_key" - 1;
    size_t behind = at + key;
    if (behind < size && data[behind] == '\'')
        behind++;
    behind = end_of(data, behind, size, SPACE);
    if (behind < size && data[behind] == ',')
        return true;
    if (size - behind >= 2 && data[behind] == '=' && data[behind + 1] == '>')
        return true;
    return has_escape(data, at > BESIDE ? at - BESIDE : 0, least(size, at + LONGEST_LABEL), size);
}
