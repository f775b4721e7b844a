/* The functions of hexscan._skim that are about git's objects. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <string.h>

#include "git.h"
#include "module.h"

typedef unsigned char byte;

/* A name has the bytes that families go by at the least, and at the most more than any of git's. */
enum { SHORTEST_NAME = sizeof(uint32_t), LONGEST_NAME = 64 };

static bool is_width(Py_ssize_t width)
{
    if (width >= SHORTEST_NAME && width <= LONGEST_NAME)
        return true;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "no name has such a width");
    return false;
}

static PyObject *bytes_of(const void *data, size_t size)
{
    return PyBytes_FromStringAndSize(data, (Py_ssize_t)size);
}

/* Returns the columns as a tuple. */
static PyObject *tuple_of(const struct rows *rows)
{
    PyObject *columns[] = {
        bytes_of(rows->names, rows->number * rows->width),
        bytes_of(rows->kinds, rows->number),
        bytes_of(rows->sizes, rows->number * sizeof *rows->sizes),
        bytes_of(rows->bases, rows->number * sizeof *rows->bases),
    };
    PyObject *tuple = NULL;
    if (columns[0] && columns[1] && columns[2] && columns[3])
        tuple = PyTuple_Pack(4, columns[0], columns[1], columns[2], columns[3]);
    for (int column = 0; column < 4; column++)
        Py_XDECREF(columns[column]);
    return tuple;
}

PyObject *skim_rows(PyObject *module, PyObject *args)
{
    (void)module;
    const char *lines, *kinds;
    Py_ssize_t size, width;
    if (!PyArg_ParseTuple(args, "y#ny", &lines, &size, &width, &kinds) || !is_width(width))
        return NULL;
    struct rows rows = {.width = (size_t)width};
    /* One more, for a line is read before it is known whether it counts. */
    size_t most = (size_t)size / git_shortest_line(rows.width) + 1;
    PyObject *tuple = NULL;
    rows.names = PyMem_Malloc(most * rows.width);
    rows.kinds = PyMem_Malloc(most);
    rows.sizes = PyMem_Malloc(most * sizeof *rows.sizes);
    rows.bases = PyMem_Malloc(most * sizeof *rows.bases);
    if (rows.names == NULL || rows.kinds == NULL || rows.sizes == NULL || rows.bases == NULL)
        PyErr_NoMemory();
    else if (!git_read_rows((const byte *)lines, (size_t)size, kinds, &rows))
        PyErr_SetString(PyExc_ValueError, "a line of git's is none that was asked for");
    else
        tuple = tuple_of(&rows);
    PyMem_Free(rows.names);
    PyMem_Free(rows.kinds);
    PyMem_Free(rows.sizes);
    PyMem_Free(rows.bases);
    return tuple;
}

/* Returns the order as bytes. */
static PyObject *ordered(const struct rows *rows)
{
    PyObject *order = bytes_of(NULL, rows->number * sizeof(uint32_t));
    struct room room = {
        PyMem_Malloc(GIT_STARTS * sizeof *room.starts),
        PyMem_Malloc(rows->number * sizeof *room.deltas + 1),
        PyMem_Malloc(rows->number * sizeof *room.heads + 1),
        PyMem_Malloc(rows->number + 1),
    };
    if (room.starts == NULL || room.deltas == NULL || room.heads == NULL || room.done == NULL) {
        Py_CLEAR(order);
        PyErr_NoMemory();
    } else if (order != NULL) {
        uint32_t *numbers = (uint32_t *)(void *)PyBytes_AsString(order);
        Py_BEGIN_ALLOW_THREADS git_order(rows, &room, numbers);
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(room.starts);
    PyMem_Free(room.deltas);
    PyMem_Free(room.heads);
    PyMem_Free(room.done);
    return order;
}

PyObject *skim_order(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer names, bases;
    Py_ssize_t width;
    PyObject *order = NULL;
    if (!PyArg_ParseTuple(args, "y*ny*", &names, &width, &bases))
        return NULL;
    size_t number = (size_t)bases.len / sizeof(uint32_t);
    if (!is_width(width)) {
        /* It has been said. */
    } else if ((size_t)names.len != number * (size_t)width || number >= UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "there has to be a name for each base");
    } else {
        struct rows rows = {(size_t)width, number, names.buf, NULL, NULL, bases.buf};
        order = ordered(&rows);
    }
    PyBuffer_Release(&names);
    PyBuffer_Release(&bases);
    return order;
}

/* Copies the rows that have these numbers; false if one is not there. */
static bool take(const Py_buffer *column, size_t width, const Py_buffer *order, byte *taken)
{
    const uint32_t *numbers = order->buf;
    size_t count = (size_t)order->len / sizeof *numbers, number = (size_t)column->len / width;
    for (size_t at = 0; at < count; at++) {
        if (numbers[at] >= number)
            return false;
        memcpy(taken + at * width, (const byte *)column->buf + numbers[at] * width, width);
    }
    return true;
}

PyObject *skim_taken(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer column, order;
    Py_ssize_t width;
    PyObject *taken = NULL;
    if (!PyArg_ParseTuple(args, "y*ny*", &column, &width, &order))
        return NULL;
    if (width < 1 || width > LONGEST_NAME)
        PyErr_SetString(PyExc_ValueError, "no column has such a width");
    else
        taken = bytes_of(NULL, (size_t)order.len / sizeof(uint32_t) * (size_t)width);
    if (taken && !take(&column, (size_t)width, &order, (byte *)PyBytes_AsString(taken))) {
        Py_CLEAR(taken);
        PyErr_SetString(PyExc_ValueError, "there is no such row");
    }
    PyBuffer_Release(&column);
    PyBuffer_Release(&order);
    return taken;
}
