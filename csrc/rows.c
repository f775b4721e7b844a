/* What git lists of its objects. */

#include <string.h>

#include "git.h"
#include "skim.h"

size_t git_shortest_line(size_t width)
{
    return 2 * 2 * width + strlen(" tag 0 \n");
}

/* Reads `width` bytes in hex; false if there is another character. */
static bool read_name(const byte *hex, size_t width, byte *name)
{
    uint32_t common = HEX;
    for (size_t at = 0; at < width; at++) {
        common &= skim_kinds[hex[2 * at]] & skim_kinds[hex[2 * at + 1]];
        name[at] = byte_at(hex + 2 * at);
    }
    return common != 0;
}

/* Reads a number that ends at a space; returns where that is, or NULL. */
static const byte *read_size(const byte *at, const byte *end, uint64_t *size)
{
    const byte *start = at;
    for (*size = 0; at < end && *at >= '0' && *at <= '9'; at++)
        *size = *size * 10 + (uint64_t)(*at - '0');
    bool is_one = at > start && at - start < 20 && at < end && *at == ' ';
    return is_one ? at : NULL;
}

/* Returns a type's letter, as in KINDS of hexscan.sources.git.columns, or 0. */
static byte kind_of(const byte *type, size_t length)
{
    static const struct {
        const char *type;
        byte kind;
    } kinds[] = {{"blob", 'b'}, {"commit", 'c'}, {"tree", 't'}, {"tag", 'g'}};
    for (size_t at = 0; at < sizeof kinds / sizeof *kinds; at++)
        if (strlen(kinds[at].type) == length && memcmp(type, kinds[at].type, length) == 0)
            return kinds[at].kind;
    return 0;
}

/* Reads one line into the place behind the last row, and leaves it to the caller whether that
 * counts; returns the kind, or 0 if it is no such line. */
static byte read_row(const byte *line, const byte *end, struct rows *rows)
{
    size_t digits = 2 * rows->width, at = rows->number;
    byte base[sizeof(uint32_t)];
    const byte *type = line + digits + 1;
    if ((size_t)(end - line) < git_shortest_line(rows->width) - 1 || line[digits] != ' ')
        return 0;
    const byte *size = memchr(type, ' ', (size_t)(end - type));
    if (size == NULL || (rows->kinds[at] = kind_of(type, (size_t)(size - type))) == 0 ||
        (size = read_size(size + 1, end, &rows->sizes[at])) == NULL ||
        (size_t)(end - size) != digits + 1)
        return 0;
    if (!read_name(line, rows->width, rows->names + at * rows->width) ||
        !read_name(size + 1, sizeof base, base))
        return 0;
    memcpy(&rows->bases[at], base, sizeof base);
    return rows->kinds[at];
}

bool git_read_rows(const byte *lines, size_t size, const char *kinds, struct rows *rows)
{
    const byte *stop = lines + size;
    while (lines < stop) {
        const byte *end = memchr(lines, '\n', (size_t)(stop - lines));
        byte kind = end == NULL ? 0 : read_row(lines, end, rows);
        if (kind == 0)
            return false;
        rows->number += strchr(kinds, kind) != NULL;
        lines = end + 1;
    }
    return true;
}
