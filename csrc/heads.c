/* The first bytes of files: whether they could be those of a container. */

#include "skim.h"

enum { TAR_BLOCK = 512, TAR_MAGIC = 257, TAR_CHECKSUM_END = 154 };

bool skim_may_be_container(const byte *head, size_t size, const byte *pairs)
{
    if (size < 2)
        return false;
    unsigned pair = (unsigned)head[0] << 8 | head[1];
    if (pairs[pair >> 3] >> (pair & 7) & 1)
        return true;
    /* The sum of a space and a NUL, in either order. */
    return size >= TAR_BLOCK &&
           (head[TAR_MAGIC] == 'u' || head[TAR_CHECKSUM_END] + head[TAR_CHECKSUM_END + 1] == ' ');
}
