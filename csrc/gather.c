/* Many small files, read into one buffer. */

/* For openat. */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "skim.h"

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* To open a directory and each file in it by its name alone is less work for the system than to
 * look up the whole path for each. */
enum { WORTH_A_DIRECTORY = 4 };

/* What stands for a directory that is not open, and of which it is not known if it should be. */
enum { UNKNOWN = -1 };

/* Reads until nothing comes or there is no more room; returns how much, or -1. */
static ssize_t read_whole(int descriptor, byte *room, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        ssize_t more = read(descriptor, room + filled, size - filled);
        if (more < 0)
            return -1;
        if (more == 0)
            break;
        filled += (size_t)more;
    }
    return (ssize_t)filled;
}

static bool is_regular(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/* Reads an open file; returns whether it is in the slab, whole. One that finds no room stays open
 * under `descriptor`, and its first bytes fill its room. */
static bool take(struct slab *slab, int file, int *descriptor)
{
    size_t room = slab->size - slab->full;
    ssize_t filled = read_whole(file, slab->data + slab->filled, room);
    if (filled == (ssize_t)room) {
        *descriptor = file;
        return false;
    }
    bool is_file = filled > 0 || (filled == 0 && is_regular(file));
    close(file);
    if (is_file) {
        slab->filled += (size_t)filled;
        slab->data[slab->filled++] = 0;
    }
    return is_file;
}

/* Tells whether there are so many names before the next prefix that a directory pays. */
static bool pays(const struct manifest *files)
{
    size_t at = files->at;
    for (int number = 0; number < WORTH_A_DIRECTORY; number++) {
        if (at >= files->size || files->items[at] == 0)
            return false;
        at += strlen(files->items + at) + 1;
    }
    return true;
}

/* Opens the directory of the next file; AT_FDCWD where that cannot be or does not pay. */
static int open_directory(const struct manifest *files)
{
    const char *prefix = files->items + files->prefix;
    if (*prefix == 0 || !pays(files))
        return AT_FDCWD;
    int opened = open(prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return opened < 0 ? AT_FDCWD : opened;
}

/* Opens the next file, by its path if its directory is not open; -1 where that fails. */
static int open_file(const struct manifest *files, int directory, int flags)
{
    const char *prefix = files->items + files->prefix, *name = files->items + files->at;
    if (directory != AT_FDCWD || *prefix == 0)
        return openat(directory, name, flags);
    char path[PATH_MAX];
    size_t before = strlen(prefix), behind = strlen(name) + 1;
    if (before + behind > sizeof path)
        return -1;
    memcpy(path, prefix, before);
    memcpy(path + before, name, behind);
    return open(path, flags);
}

static void leave(int directory)
{
    if (directory >= 0)
        close(directory);
}

size_t skim_gather(struct slab *slab, struct manifest *files, size_t most, int flags, size_t *ends,
                   int *descriptor)
{
    size_t taken = 0;
    int directory = UNKNOWN;
    *descriptor = -1;
    while (taken < most && slab->filled <= slab->full && files->at < files->size) {
        const char *item = files->items + files->at;
        if (*item == 0) {
            leave(directory);
            directory = UNKNOWN;
            files->prefix = files->at + 1;
            files->at = files->prefix + strlen(files->items + files->prefix) + 1;
            continue;
        }
        if (directory == UNKNOWN)
            directory = open_directory(files);
        int file = open_file(files, directory, flags);
        if (file < 0 || !take(slab, file, descriptor))
            break;
        ends[taken++] = slab->filled - 1;
        files->at += strlen(item) + 1;
    }
    leave(directory);
    return taken;
}
