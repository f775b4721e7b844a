/* The functions of hexscan._skim that list directories and read files. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <unistd.h>

#include "module.h"
#include "skim.h"

enum { MOST_FILES = 256 };

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
