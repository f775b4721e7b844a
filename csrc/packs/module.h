/* The functions of hexscan._packs; each gets its arguments as a tuple. Their documentation is in
 * module.c. */

#ifndef HEXSCAN_PACKS_MODULE_H
#define HEXSCAN_PACKS_MODULE_H

#include <stdbool.h>

#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *packs_count_objects(PyObject *module, PyObject *args);
PyObject *packs_sort_by_offset(PyObject *module, PyObject *args);
PyObject *packs_mark_others(PyObject *module, PyObject *args);
PyObject *packs_list_families(PyObject *module, PyObject *args);
PyObject *packs_unpack(PyObject *module, PyObject *args);
PyObject *packs_read_links(PyObject *module, PyObject *args);
PyObject *packs_list_untouched(PyObject *module, PyObject *args);

#endif
