/* The functions of hexscan._skim that list directories and read files. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <unistd.h>

#include "module.h"
#include "skim.h"

enum { MOST_FILES = 256 };

/* Bytes that grow. */
struct text {
    char *data;
    size_t size, room;
};

/* What was taken of the directories that are pending: a manifest of files, and the names of the
 * directories in them. */
struct taken {
    PyObject *pending;
    struct text items, directories;
    size_t files, number;
};

/* Appends where files end to a list; false where Python has an error. */
static bool append(PyObject *list, const size_t *ends, size_t number)
{
    for (size_t at = 0; at < number; at++) {
        PyObject *end = PyLong_FromSize_t(ends[at]);
        bool kept = end != NULL && PyList_Append(list, end) == 0;
        Py_XDECREF(end);
        if (!kept)
            return false;
    }
    return true;
}

static PyObject *read_files(struct slab *slab, struct manifest *files, size_t most, int flags,
                            PyObject *list)
{
    size_t ends[MOST_FILES], taken;
    int descriptor;
    Py_BEGIN_ALLOW_THREADS taken =
        skim_gather(slab, files, least(most, MOST_FILES), flags, ends, &descriptor);
    Py_END_ALLOW_THREADS PyObject *result = NULL;
    if (append(list, ends, taken))
        result = Py_BuildValue("nni", (Py_ssize_t)files->at, (Py_ssize_t)files->prefix, descriptor);
    if (result == NULL && descriptor >= 0)
        close(descriptor);
    return result;
}

PyObject *skim_call_gather(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *items, *ends, *result = NULL;
    Py_ssize_t at, prefix, most, start, full;
    int flags;
    Py_buffer buffer;
    if (!PyArg_ParseTuple(args, "Snnniw*nnO!", &items, &at, &prefix, &most, &flags, &buffer, &start,
                          &full, &PyList_Type, &ends))
        return NULL;
    Py_ssize_t size = PyBytes_Size(items);
    if (at < 0 || at > size || prefix < 0 || prefix > size || most < 0 || start < 0 || full < 0 ||
        full >= buffer.len) {
        PyErr_SetString(PyExc_ValueError, "an offset is out of its range");
    } else {
        struct slab slab = {buffer.buf, (size_t)buffer.len, (size_t)start, (size_t)full};
        struct manifest files = {PyBytes_AsString(items), (size_t)size, (size_t)at, (size_t)prefix};
        result = read_files(&slab, &files, (size_t)most, flags, ends);
    }
    PyBuffer_Release(&buffer);
    return result;
}

/* Returns the names of a kind, which start at the number `first`, and sets that to the next. */
static PyObject *names_of(const struct listing *listing, enum kind kind, size_t *first)
{
    size_t size = 0, last = *first;
    for (; last < listing->number && listing->sorted[last][0] == (char)kind; last++)
        size += strlen(listing->sorted[last]);
    PyObject *names = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (names == NULL)
        return NULL;
    char *end = PyBytes_AsString(names);
    for (; *first < last; ++*first) {
        const char *name = listing->sorted[*first] + 1;
        size_t length = strlen(name) + 1;
        memcpy(end, name, length);
        end += length;
    }
    return names;
}

PyObject *skim_call_listing(PyObject *module, PyObject *args)
{
    (void)module;
    const char *path;
    Py_ssize_t most;
    if (!PyArg_ParseTuple(args, "yn", &path, &most))
        return NULL;
    struct listing listing = {0};
    bool is_whole;
    Py_BEGIN_ALLOW_THREADS is_whole = skim_list(&listing, path, (size_t)most);
    Py_END_ALLOW_THREADS PyObject *result = Py_NewRef(Py_None);
    if (is_whole) {
        size_t first = 0;
        PyObject *files = names_of(&listing, FILES, &first);
        PyObject *directories = names_of(&listing, DIRECTORIES, &first);
        PyObject *others = names_of(&listing, OTHERS, &first);
        Py_DECREF(result);
        /* Takes the three, and gives an error where one of them is none. */
        result = Py_BuildValue("NNN", files, directories, others);
    }
    skim_free_listing(&listing);
    return result;
}

/* Appends bytes to others; false where there is no memory. */
static bool add(struct text *text, const char *data, size_t size)
{
    if (text->size + size > text->room) {
        size_t room = 2 * text->room + size;
        char *grown = PyMem_Realloc(text->data, room);
        if (grown == NULL) {
            PyErr_NoMemory();
            return false;
        }
        text->data = grown;
        text->room = room;
    }
    memcpy(text->data + text->size, data, size);
    text->size += size;
    return true;
}

/* Appends the paths of subdirectories to a list, the first name last; false as above. */
static bool push(PyObject *pending, const char *prefix, const char *const *sorted, size_t number)
{
    while (number--) {
        PyObject *path = PyBytes_FromFormat("%s%s/", prefix, sorted[number] + 1);
        bool kept = path != NULL && PyList_Append(pending, path) == 0;
        Py_XDECREF(path);
        if (!kept)
            return false;
    }
    return true;
}

/* Puts a directory's files behind the others of a manifest, and its directories
 * behind others; false as above. */
static bool take_names(struct taken *taken, const char *prefix, const struct listing *listing)
{
    size_t files = 0, at = 0;
    while (files < listing->number && listing->sorted[files][0] == FILES)
        files++;
    if (files && !(add(&taken->items, "", 1) && add(&taken->items, prefix, strlen(prefix) + 1)))
        return false;
    for (; at < listing->number; at++) {
        const char *name = listing->sorted[at] + 1;
        struct text *text = at < files ? &taken->items : &taken->directories;
        if (!add(text, name, strlen(name) + 1))
            return false;
    }
    taken->files += files;
    taken->number++;
    return push(taken->pending, prefix, listing->sorted + files, listing->number - files);
}

/* Takes the last directory of those that are pending. Returns 1 if it was, 0 if it is left to
 * others, and -1 where Python has an error. */
static int take_directory(struct taken *taken, size_t most)
{
    Py_ssize_t last = PyList_Size(taken->pending) - 1;
    PyObject *held = Py_XNewRef(PyList_GetItem(taken->pending, last));
    const char *prefix = held == NULL ? NULL : PyBytes_AsString(held);
    struct listing listing = {0};
    int result = prefix == NULL ? -1 : 0;
    bool is_whole = false;
    if (result == 0) {
        Py_BEGIN_ALLOW_THREADS is_whole = skim_list(&listing, *prefix ? prefix : ".", most);
        Py_END_ALLOW_THREADS
    }
    if (is_whole && (!listing.number || listing.sorted[listing.number - 1][0] != OTHERS)) {
        bool was_taken = PyList_SetSlice(taken->pending, last, last + 1, NULL) == 0 &&
                         take_names(taken, prefix, &listing);
        result = was_taken ? 1 : -1;
    }
    skim_free_listing(&listing);
    Py_XDECREF(held);
    return result;
}

PyObject *skim_call_tree(PyObject *module, PyObject *args)
{
    (void)module;
    struct taken taken = {0};
    Py_ssize_t most;
    if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &taken.pending, &most))
        return NULL;
    int result = 1;
    while (result == 1 && PyList_Size(taken.pending) > 0 && taken.files < (size_t)most &&
           taken.number < (size_t)most)
        result = take_directory(&taken, (size_t)most);
    PyObject *told = NULL;
    if (result >= 0)
        told = Py_BuildValue("y#y#n", taken.items.data ? taken.items.data : "",
                             (Py_ssize_t)taken.items.size,
                             taken.directories.data ? taken.directories.data : "",
                             (Py_ssize_t)taken.directories.size, (Py_ssize_t)taken.number);
    PyMem_Free(taken.items.data);
    PyMem_Free(taken.directories.data);
    return told;
}
