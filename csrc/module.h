/* The functions of hexscan._skim that module.c leaves to another file; each gets its arguments as a
 * tuple. Their documentation is in module.c. */

#ifndef HEXSCAN_MODULE_H
#define HEXSCAN_MODULE_H

#include <stdbool.h>

#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *skim_call_gather(PyObject *module, PyObject *args);
PyObject *skim_call_listing(PyObject *module, PyObject *args);
PyObject *skim_call_tree(PyObject *module, PyObject *args);
PyObject *skim_rows(PyObject *module, PyObject *args);
PyObject *skim_order(PyObject *module, PyObject *args);
PyObject *skim_taken(PyObject *module, PyObject *args);

#endif
