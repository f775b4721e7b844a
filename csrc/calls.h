/* What Python calls to list and to read files. Python.h is to be included before. */

#ifndef HEXSCAN_CALLS_H
#define HEXSCAN_CALLS_H

extern const char skim_gather_doc[], skim_listing_doc[];

PyObject *skim_call_gather(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *skim_call_listing(PyObject *module, PyObject *const *args, Py_ssize_t count);

#endif
