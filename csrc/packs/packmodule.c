/* The functions of hexscan._packs that read git's packs. */

#include <string.h>

#include "module.h"
#include "pack.h"

/* The length of SHA-1 and of SHA-256. */
static bool is_name(Py_ssize_t width)
{
    return width == 20 || width == 32;
}

static bool take_index(struct pack *pack, const Py_buffer *index, Py_ssize_t width)
{
    pack->index = index->buf;
    pack->index_size = (size_t)index->len;
    pack->width = (size_t)width;
    if (is_name(width) && pack_take_index(pack))
        return true;
    PyErr_SetString(PyExc_ValueError, "no index of a pack");
    return false;
}

static PyObject *no_pack(void)
{
    PyErr_SetString(PyExc_ValueError, "the index does not fit the pack");
    return NULL;
}

PyObject *packs_count_objects(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer index;
    Py_ssize_t width;
    PyObject *count = NULL;
    if (!PyArg_ParseTuple(args, "y*n", &index, &width))
        return NULL;
    struct pack pack = {0};
    if (take_index(&pack, &index, width))
        count = pack_names_fit(&pack) ? PyLong_FromSize_t(pack.number) : no_pack();
    PyBuffer_Release(&index);
    return count;
}

static PyObject *sorted(const struct pack *pack)
{
    PyObject *order = PyBytes_FromStringAndSize(NULL, pack->number * (Py_ssize_t)sizeof(uint32_t));
    uint32_t *room = PyMem_Malloc(pack->number * sizeof *room + 1);
    bool is_sorted = false;
    if (order == NULL || room == NULL) {
        Py_CLEAR(order);
        PyMem_Free(room);
        return PyErr_NoMemory();
    }
    uint32_t *positions = (uint32_t *)(void *)PyBytes_AsString(order);
    Py_BEGIN_ALLOW_THREADS is_sorted = pack_sort(pack, positions, room);
    Py_END_ALLOW_THREADS PyMem_Free(room);
    if (!is_sorted) {
        Py_CLEAR(order);
        return no_pack();
    }
    return order;
}

PyObject *packs_sort_by_offset(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer index;
    Py_ssize_t width;
    unsigned long long size;
    PyObject *order = NULL;
    if (!PyArg_ParseTuple(args, "y*nK", &index, &width, &size))
        return NULL;
    struct pack pack = {.size = size};
    if (take_index(&pack, &index, width))
        order = sorted(&pack);
    PyBuffer_Release(&index);
    return order;
}

PyObject *packs_mark_others(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer index, other, marks;
    Py_ssize_t width;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*nw*", &index, &other, &width, &marks))
        return NULL;
    struct pack pack = {0}, beside = {0};
    if (take_index(&pack, &index, width) && take_index(&beside, &other, width)) {
        if ((size_t)marks.len == pack.number) {
            pack_mark_others(&pack, &beside, marks.buf);
            result = Py_NewRef(Py_None);
        } else {
            no_pack();
        }
    }
    PyBuffer_Release(&index);
    PyBuffer_Release(&other);
    PyBuffer_Release(&marks);
    return result;
}

enum { COLUMNS = 6 };

/* Returns the columns as a tuple. */
static PyObject *tuple_of(const struct members *members)
{
    const struct {
        const void *data;
        size_t size;
    } each[COLUMNS] = {
        {members->positions, sizeof *members->positions},
        {members->kinds, sizeof *members->kinds},
        {members->offsets, sizeof *members->offsets},
        {members->lengths, sizeof *members->lengths},
        {members->steps, sizeof *members->steps},
        {members->sizes, sizeof *members->sizes},
    };
    PyObject *tuple = PyTuple_New(COLUMNS);
    for (Py_ssize_t column = 0; tuple != NULL && column < COLUMNS; column++) {
        Py_ssize_t size = (Py_ssize_t)(members->number * each[column].size);
        PyObject *bytes = PyBytes_FromStringAndSize(each[column].data, size);
        if (bytes == NULL || PyTuple_SetItem(tuple, column, bytes) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static bool make_room(struct members *members, size_t number)
{
    members->positions = PyMem_Malloc(number * sizeof *members->positions + 1);
    members->kinds = PyMem_Malloc(number * sizeof *members->kinds + 1);
    members->offsets = PyMem_Malloc(number * sizeof *members->offsets + 1);
    members->lengths = PyMem_Malloc(number * sizeof *members->lengths + 1);
    members->steps = PyMem_Malloc(number * sizeof *members->steps + 1);
    members->sizes = PyMem_Malloc(number * sizeof *members->sizes + 1);
    return members->positions && members->kinds && members->offsets && members->lengths &&
           members->steps && members->sizes;
}

static void let_go(struct members *members)
{
    PyMem_Free(members->positions);
    PyMem_Free(members->kinds);
    PyMem_Free(members->offsets);
    PyMem_Free(members->lengths);
    PyMem_Free(members->steps);
    PyMem_Free(members->sizes);
}

static PyObject *families(const struct pack *pack, const uint32_t *order, size_t start, size_t stop,
                          const unsigned char *marks)
{
    struct members members = {0};
    PyObject *tuple = NULL;
    bool is_listed = false;
    if (!make_room(&members, stop - start)) {
        PyErr_NoMemory();
    } else {
        Py_BEGIN_ALLOW_THREADS is_listed =
            pack_list_families(pack, order, start, stop, marks, &members);
        Py_END_ALLOW_THREADS tuple = is_listed ? tuple_of(&members) : no_pack();
    }
    let_go(&members);
    return tuple;
}

/* Tells whether positions are all in the index. */
static bool are_positions(const struct pack *pack, const uint32_t *order, size_t number)
{
    uint32_t highest = 0;
    for (size_t at = 0; at < number; at++)
        highest = order[at] > highest ? order[at] : highest;
    return number <= pack->number && (number == 0 || highest < pack->number);
}

PyObject *packs_list_families(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer index, order, marks;
    Py_ssize_t width, start, stop;
    unsigned long long size;
    int descriptor;
    PyObject *tuple = NULL;
    if (!PyArg_ParseTuple(args, "iKy*ny*nny*", &descriptor, &size, &index, &width, &order, &start,
                          &stop, &marks))
        return NULL;
    struct pack pack = {.descriptor = descriptor, .size = size};
    Py_ssize_t number = order.len / (Py_ssize_t)sizeof(uint32_t);
    if (!take_index(&pack, &index, width)) {
        /* It has been said. */
    } else if (!are_positions(&pack, order.buf, (size_t)number) || number != pack.number ||
               size < (size_t)width || start < 0 || start > stop || stop > number ||
               (marks.len && marks.len != pack.number)) {
        no_pack();
    } else {
        tuple =
            families(&pack, order.buf, (size_t)start, (size_t)stop, marks.len ? marks.buf : NULL);
    }
    PyBuffer_Release(&index);
    PyBuffer_Release(&order);
    PyBuffer_Release(&marks);
    return tuple;
}

enum { BUFFERS = 8 };

/* Tells whether there is room for what comes of all rows from `at` on. */
static bool fit(const Py_buffer *offsets, const Py_buffer *lengths, const Py_buffer *steps,
                size_t at, const Py_buffer *starts, const Py_buffer *failed)
{
    size_t number = (size_t)offsets->len / sizeof(uint64_t);
    return at <= number && (size_t)lengths->len == number * sizeof(uint32_t) &&
           (size_t)steps->len == number * sizeof(uint32_t) &&
           (size_t)starts->len / sizeof(uint64_t) > number - at &&
           (size_t)failed->len >= number - at;
}

PyObject *packs_unpack(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer buffers[BUFFERS] = {0};
    Py_buffer *offsets = buffers, *lengths = buffers + 1, *steps = buffers + 2, *lead = buffers + 3,
              *buffer = buffers + 4, *starts = buffers + 5, *failed = buffers + 6,
              *index = buffers + 7;
    Py_ssize_t width, at;
    unsigned long long size;
    int descriptor;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "iKy*ny*y*y*ny*w*w*w*", &descriptor, &size, index, &width, offsets,
                          lengths, steps, &at, lead, buffer, starts, failed))
        return NULL;
    struct pack pack = {.descriptor = descriptor, .size = size};
    if (!take_index(&pack, index, width)) {
        /* It has been said. */
    } else if (at < 0 || !fit(offsets, lengths, steps, (size_t)at, starts, failed) ||
               lead->len > buffer->len / 2) {
        PyErr_SetString(PyExc_ValueError, "the columns do not fit each other");
    } else {
        struct members members = {.number = (size_t)offsets->len / sizeof(uint64_t),
                                  .offsets = offsets->buf,
                                  .lengths = lengths->buf,
                                  .steps = steps->buf};
        struct stream stream = {buffer->buf, (size_t)buffer->len, 0, lead->buf, (size_t)lead->len};
        size_t next;
        Py_BEGIN_ALLOW_THREADS next =
            pack_put_together(&pack, &members, (size_t)at, &stream, starts->buf, failed->buf);
        Py_END_ALLOW_THREADS result =
            Py_BuildValue("nn", (Py_ssize_t)next, (Py_ssize_t)stream.filled);
    }
    for (int number = 0; number < BUFFERS; number++)
        PyBuffer_Release(&buffers[number]);
    return result;
}
