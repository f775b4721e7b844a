/* The functions of hexscan._packs that tell what commits have touched. */

#include <stdlib.h>
#include <string.h>

#include "module.h"
#include "trees.h"

typedef unsigned char byte;

static PyObject *bytes_of(const struct words *words)
{
    return PyBytes_FromStringAndSize((const char *)words->data,
                                     (Py_ssize_t)(words->number * sizeof *words->data));
}

/* Objects that lie in a stream, as hexscan.sources.git.unpacker puts them there. */
struct objects {
    const byte *data, *names, *kinds;
    const uint64_t *starts;
    size_t number, lead;
};

static bool append_links(const struct objects *objects, const struct names *wanted,
                         struct words *trees, struct words *commits)
{
    for (size_t at = 0; at < objects->number; at++) {
        const byte *name = objects->names + at * wanted->width;
        const byte *content = objects->data + objects->starts[at] + objects->lead;
        size_t size = objects->starts[at + 1] - objects->starts[at] - objects->lead - 1;
        if (objects->kinds[at] == 't' && !tree_append_links(name, content, size, wanted, trees))
            return false;
        if (objects->kinds[at] == 'c' &&
            !commit_append_links(name, content, size, wanted->width, commits))
            return false;
    }
    return true;
}

/* Tells whether objects lie where they are said to, one behind the other. */
static bool are_sound(const Py_buffer *data, const Py_buffer *starts, const Py_buffer *names,
                      const Py_buffer *kinds, size_t lead, size_t width)
{
    const uint64_t *each = starts->buf;
    size_t number = (size_t)kinds->len;
    if ((size_t)starts->len / sizeof *each <= number || (size_t)names->len != number * width ||
        each[number] > (size_t)data->len)
        return false;
    for (size_t at = 0; at < number; at++)
        if (each[at + 1] < each[at] || each[at + 1] - each[at] <= lead)
            return false;
    return true;
}

static PyObject *links_of(const struct objects *objects, const struct names *wanted)
{
    struct words trees = {0}, commits = {0};
    bool is_done;
    PyObject *result = NULL;
    Py_BEGIN_ALLOW_THREADS is_done = append_links(objects, wanted, &trees, &commits);
    Py_END_ALLOW_THREADS if (is_done)
    {
        PyObject *first = bytes_of(&trees), *second = bytes_of(&commits);
        if (first != NULL && second != NULL)
            result = PyTuple_Pack(2, first, second);
        Py_XDECREF(first);
        Py_XDECREF(second);
    }
    else PyErr_NoMemory();
    free(trees.data);
    free(commits.data);
    return result;
}

enum { BUFFERS = 5 };

PyObject *packs_read_links(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer buffers[BUFFERS] = {0};
    Py_buffer *data = buffers, *starts = buffers + 1, *names = buffers + 2, *kinds = buffers + 3,
              *wanted = buffers + 4;
    Py_ssize_t lead, width;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*ny*y*y*n", data, starts, &lead, names, kinds, wanted, &width))
        return NULL;
    if ((width != 20 && width != 32) || lead < 0 || wanted->len % width ||
        !are_sound(data, starts, names, kinds, (size_t)lead, (size_t)width)) {
        PyErr_SetString(PyExc_ValueError, "the columns do not fit each other");
    } else {
        struct objects objects = {data->buf,   names->buf,         kinds->buf,
                                  starts->buf, (size_t)kinds->len, (size_t)lead};
        struct names sorted = {wanted->buf, (size_t)(wanted->len / width), (size_t)width};
        result = links_of(&objects, &sorted);
    }
    for (int number = 0; number < BUFFERS; number++)
        PyBuffer_Release(&buffers[number]);
    return result;
}

PyObject *packs_list_untouched(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer trees, commits;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*", &trees, &commits))
        return NULL;
    struct words of_trees = {trees.buf, (size_t)trees.len / sizeof(uint64_t), 0};
    struct words of_commits = {commits.buf, (size_t)commits.len / sizeof(uint64_t), 0};
    struct words untouched = {0};
    bool is_done;
    Py_BEGIN_ALLOW_THREADS is_done = commit_list_untouched(&of_trees, &of_commits, &untouched);
    Py_END_ALLOW_THREADS if (is_done) result = bytes_of(&untouched);
    else PyErr_SetString(PyExc_ValueError, "no links of trees and commits");
    free(untouched.data);
    PyBuffer_Release(&trees);
    PyBuffer_Release(&commits);
    return result;
}
