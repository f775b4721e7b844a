/* The module hexscan._skim: what Python calls.
 *
 * plain() and encoded() give the first place that calls for a look, or -1, which is certain: at a
 * place the Python modules decide (hexscan.matcher, hexscan.decoders.sieve), and without this
 * module these do it all. tests/properties/test_skim.py holds the two together. What lists and
 * reads files is in filemodule.c. Nothing is kept between two calls.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <limits.h>

#include "module.h"
#include "skim.h"

/* The lock of the interpreter is let go for what takes longer than to have it back. */
enum { WORTH_UNLOCKING = 1 << 16 };

typedef size_t (*search)(const byte *, size_t, size_t, size_t);

/* Returns a new reference to an item of a list. */
static PyObject *item_of(PyObject *list, Py_ssize_t at)
{
#ifdef Py_GIL_DISABLED
    return PyList_GetItemRef(list, at);
#else
    return Py_XNewRef(PyList_GetItem(list, at));
#endif
}

/* Calls a search with a buffer and, where these are given, where to start and to stop. */
static PyObject *call(search find, PyObject *const *args, Py_ssize_t count)
{
    if (count < 1 || count > 3) {
        PyErr_SetString(PyExc_TypeError, "expected a buffer, and where to start and to stop");
        return NULL;
    }
    Py_ssize_t bounds[2] = {0, PY_SSIZE_T_MAX};
    for (Py_ssize_t number = 1; number < count; number++) {
        if (Py_IsNone(args[number]))
            continue;
        bounds[number - 1] = PyLong_AsSsize_t(args[number]);
        if (bounds[number - 1] < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "an offset is never negative");
            return NULL;
        }
    }
    Py_buffer buffer;
    if (PyObject_GetBuffer(args[0], &buffer, PyBUF_SIMPLE) < 0)
        return NULL;
    size_t size = (size_t)buffer.len, stop = least(size, (size_t)bounds[1]);
    size_t start = (size_t)bounds[0], place = NONE;
    if (start < stop) {
        if (stop - start < WORTH_UNLOCKING) {
            place = find(buffer.buf, size, start, stop);
        } else {
            Py_BEGIN_ALLOW_THREADS place = find(buffer.buf, size, start, stop);
            Py_END_ALLOW_THREADS
        }
    }
    PyBuffer_Release(&buffer);
    return PyLong_FromSsize_t(place == NONE ? -1 : (Py_ssize_t)place);
}

PyDoc_STRVAR(
    plain_doc,
    "plain(data, start=0, stop=None, /)\n--\n\n"
    "Return where the first digits start that could be those of a key in plain text, or -1.\n\n"
    "Only digits that start in [start, stop) count. It speaks for the default rules alone.");

static PyObject *plain(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    return call(skim_plain_place, args, count);
}

PyDoc_STRVAR(
    encoded_doc,
    "encoded(data, start=0, stop=None, /)\n--\n\n"
    "Return the first place in [start, stop) at which a key could stand in any form, or -1.\n\n"
    "A run that lies across one of the two ends counts with the part of it that is inside.");

static size_t outermost_place(const byte *data, size_t size, size_t start, size_t stop)
{
    return skim_encoded_place(data, size, start, stop, 0);
}

static PyObject *encoded(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    return call(outermost_place, args, count);
}

PyDoc_STRVAR(text_doc,
             "text(data, /)\n--\n\n"
             "Tell whether a key could stand in a str, as plain() does; it should be ASCII.\n\n"
             "Of other text Python would keep a second copy, in UTF-8, for as long as it lives.");

static PyObject *text(PyObject *module, PyObject *data)
{
    (void)module;
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(data, &size);
    if (utf8 == NULL)
        return NULL;
    size_t place = skim_plain_place((const byte *)utf8, (size_t)size, 0, (size_t)size);
    return PyBool_FromLong(place != NONE);
}

PyDoc_STRVAR(
    openers_doc,
    "openers(data, ends, first, gap, pairs, /)\n--\n\n"
    "Return the numbers of the files in `data` that may be containers, by their heads.\n\n"
    "Each ends at one of `ends`, and starts `gap` bytes behind the end of the one before,\n"
    "which for the first one is `first`. `pairs` has a bit for each pair of first bytes.");

/* Appends the numbers to a list; false where Python has an error. */
static bool find_openers(const Py_buffer *data, PyObject *ends, Py_ssize_t first, Py_ssize_t gap,
                         const byte *pairs, PyObject *found)
{
    Py_ssize_t start = first + gap, number = PyList_Size(ends);
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *item = item_of(ends, at);
        Py_ssize_t end = item == NULL ? -1 : PyLong_AsSsize_t(item);
        Py_XDECREF(item);
        if (PyErr_Occurred())
            return false;
        if (end < 0 || end > data->len) {
            PyErr_SetString(PyExc_ValueError, "a file ends outside of the data");
            return false;
        }
        bool is_inside = start >= 0 && start <= end;
        if (is_inside &&
            skim_may_be_container((const byte *)data->buf + start, (size_t)(end - start), pairs)) {
            PyObject *one = PyLong_FromSsize_t(at);
            bool kept = one != NULL && PyList_Append(found, one) == 0;
            Py_XDECREF(one);
            if (!kept)
                return false;
        }
        start = end + gap;
    }
    return true;
}

static PyObject *openers(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count != 5 || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "openers takes five arguments, and ends in a list");
        return NULL;
    }
    Py_ssize_t first = PyLong_AsSsize_t(args[2]), gap = PyLong_AsSsize_t(args[3]), size;
    char *pairs;
    if (PyErr_Occurred() || PyBytes_AsStringAndSize(args[4], &pairs, &size) < 0)
        return NULL;
    if (size != PAIRS_SIZE) {
        PyErr_SetString(PyExc_ValueError, "a set of pairs has 8,192 bytes");
        return NULL;
    }
    Py_buffer data;
    if (PyObject_GetBuffer(args[0], &data, PyBUF_SIMPLE) < 0)
        return NULL;
    if (first < -1 || first > data.len || gap < 0 || gap > INT_MAX) {
        PyBuffer_Release(&data);
        PyErr_SetString(PyExc_ValueError, "an offset is out of its range");
        return NULL;
    }
    PyObject *found = PyList_New(0);
    if (found != NULL && !find_openers(&data, args[1], first, gap, (const byte *)pairs, found)) {
        Py_DECREF(found);
        found = NULL;
    }
    PyBuffer_Release(&data);
    return found;
}

PyDoc_STRVAR(
    digits_doc,
    "digits(data, start=0, stop=None, /)\n--\n\n"
    "Return where the first hex digits start, 32 or more in a row in [start, stop), or -1.");

static size_t digits_place(const byte *data, size_t size, size_t start, size_t stop)
{
    (void)size;
    struct digits found = {.searched = start};
    return skim_next_digits(data, stop, &found, start, stop) ? found.start : NONE;
}

static PyObject *digits(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    return call(digits_place, args, count);
}

PyDoc_STRVAR(newlines_doc, "newlines(data, /)\n--\n\nReturn how many line ends are in a buffer.");

static PyObject *newlines(PyObject *module, PyObject *data)
{
    (void)module;
    Py_buffer buffer;
    if (PyObject_GetBuffer(data, &buffer, PyBUF_SIMPLE) < 0)
        return NULL;
    size_t lines = skim_newlines(buffer.buf, (size_t)buffer.len);
    PyBuffer_Release(&buffer);
    return PyLong_FromSize_t(lines);
}

PyDoc_STRVAR(
    rows_doc,
    "rows(lines, width, kinds, /)\n--\n\n"
    "Return what git has listed as four columns: names, kinds, sizes and bases.\n\n"
    "Lines are of \"NAME TYPE SIZE BASE\"; only types of these kinds, a letter each, count. Names\n"
    "have `width` bytes. Sizes are of 64 bits. Of a base there are the first 32, which are 0 "
    "where\n"
    "there is none. ValueError for lines that are no such lines.");

PyDoc_STRVAR(
    order_doc,
    "order(names, width, bases, /)\n--\n\n"
    "Return the numbers of all objects, of 32 bits each, so that each delta is before its base.");

PyDoc_STRVAR(taken_doc,
             "taken(column, width, order, /)\n--\n\n"
             "Return the rows of a column, `width` bytes each, that have these numbers.");

PyDoc_STRVAR(
    gather_doc,
    "gather(items, at, prefix_at, most, flags, buffer, start, full, ends, /)\n--\n\n"
    "Read regular files one behind the other into a buffer, with a NUL behind each.\n\n"
    "Which ones is what hexscan.sources.manifest says. The first one is put at `start`; none is\n"
    "begun behind `full`, and each has as much room as there is from there to the end of the\n"
    "buffer. Where each of them ends is appended to `ends`.\n"
    "Return the new `at` and `prefix_at`, and -1 or the open descriptor of the next file, which\n"
    "fills all that room. The first that cannot be read, or is none, ends the call without a\n"
    "word, and so do `most` files or 256.");

PyDoc_STRVAR(
    listing_doc,
    "listing(path, most, /)\n--\n\n"
    "Return the names in a directory: of regular files, of directories, and of what is neither.\n\n"
    "Each of the three is sorted, with a NUL behind each name. Return None where there are more\n"
    "than `most`, and where anything fails: os.scandir() says why.");

PyDoc_STRVAR(
    tree_doc,
    "tree(pending, most, /)\n--\n\n"
    "Take directories from the end of a list, and put those that are in them in their place.\n\n"
    "Return the files in them, as hexscan.sources.manifest has it, the names of the directories\n"
    "in them, with a NUL behind each, and how many directories were taken. That ends when there\n"
    "are `most` files, or as many directories, and in front of a directory that holds anything\n"
    "else, holds more than that, or cannot be listed.");

static PyMethodDef methods[] = {
    {"digits", (PyCFunction)(void (*)(void))digits, METH_FASTCALL, digits_doc},
    {"openers", (PyCFunction)(void (*)(void))openers, METH_FASTCALL, openers_doc},
    {"gather", skim_call_gather, METH_VARARGS, gather_doc},
    {"listing", skim_call_listing, METH_VARARGS, listing_doc},
    {"tree", skim_call_tree, METH_VARARGS, tree_doc},
    {"plain", (PyCFunction)(void (*)(void))plain, METH_FASTCALL, plain_doc},
    {"encoded", (PyCFunction)(void (*)(void))encoded, METH_FASTCALL, encoded_doc},
    {"text", text, METH_O, text_doc},
    {"newlines", newlines, METH_O, newlines_doc},
    {"rows", skim_rows, METH_VARARGS, rows_doc},
    {"order", skim_order, METH_VARARGS, order_doc},
    {"taken", skim_taken, METH_VARARGS, taken_doc},
    {NULL, NULL, 0, NULL},
};

static int prepare(PyObject *module)
{
    (void)module;
    skim_fill_kinds();
    skim_fill_checksums();
    skim_choose_processor();
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, prepare},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

PyDoc_STRVAR(module_doc, "Whether bytes can hold a key at all, and where to look.");

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "hexscan._skim", .m_doc = module_doc,
    .m_methods = methods,  .m_slots = slots,
};

PyMODINIT_FUNC PyInit__skim(void)
{
    return PyModuleDef_Init(&definition);
}
