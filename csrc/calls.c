/* Directories and files, as Python has them listed and read. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <limits.h>
#include <unistd.h>

#include "calls.h"
#include "skim.h"

enum { MOST_FILES = 256 };

const char skim_gather_doc[] =
    "gather(items, at, prefix_at, most, flags, buffer, start, full, ends, /)\n--\n\n"
    "Read regular files one behind the other into a buffer, with a NUL behind each.\n\n"
    "Which ones is what hexscan.sources.manifest says. The first one is put at `start`; none is\n"
    "begun behind `full`, and each has as much room as there is from there to the end of the\n"
    "buffer. Where each of them ends is appended to `ends`.\n"
    "Return the new `at` and `prefix_at`, and -1 or the open descriptor of the next file, which\n"
    "fills all that room. The first that cannot be read, or is none, ends the call without a\n"
    "word, and so do `most` files or 256.";

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

PyObject *skim_call_gather(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    enum { ITEMS, AT, PREFIX_AT, MOST, FLAGS, BUFFER, START, FULL, ENDS, ARGUMENTS };
    if (count != ARGUMENTS || !PyList_Check(args[ENDS])) {
        PyErr_SetString(PyExc_TypeError, "gather takes nine arguments, and ends in a list");
        return NULL;
    }
    char *items;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(args[ITEMS], &items, &size) < 0)
        return NULL;
    long flags = PyLong_AsLong(args[FLAGS]);
    Py_ssize_t at = PyLong_AsSsize_t(args[AT]), prefix = PyLong_AsSsize_t(args[PREFIX_AT]);
    Py_ssize_t most = PyLong_AsSsize_t(args[MOST]);
    Py_ssize_t start = PyLong_AsSsize_t(args[START]), full = PyLong_AsSsize_t(args[FULL]);
    Py_buffer buffer;
    if (PyErr_Occurred() || PyObject_GetBuffer(args[BUFFER], &buffer, PyBUF_WRITABLE) < 0)
        return NULL;
    PyObject *result = NULL;
    if (at < 0 || at > size || prefix < 0 || prefix > size || flags > INT_MAX || most < 0 ||
        start < 0 || full < 0 || full >= buffer.len) {
        PyErr_SetString(PyExc_ValueError, "an offset is out of its range");
    } else {
        struct slab slab = {buffer.buf, (size_t)buffer.len, (size_t)start, (size_t)full};
        struct manifest files = {items, (size_t)size, (size_t)at, (size_t)prefix};
        result = read_files(&slab, &files, (size_t)most, (int)flags, args[ENDS]);
    }
    PyBuffer_Release(&buffer);
    return result;
}

const char skim_listing_doc[] =
    "listing(path, most, /)\n--\n\n"
    "Return the names in a directory: of regular files, of directories, and of what is neither.\n\n"
    "Each of the three is sorted, with a NUL behind each name. Return None where there are more\n"
    "than `most`, and where anything fails: os.scandir() says why.";

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

PyObject *skim_call_listing(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    char *path;
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "listing takes two arguments");
        return NULL;
    }
    Py_ssize_t most = PyLong_AsSsize_t(args[1]);
    if (PyErr_Occurred() || PyBytes_AsStringAndSize(args[0], &path, NULL) < 0)
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
