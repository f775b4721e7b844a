/* The module hexscan._packs. */

#include "module.h"

PyDoc_STRVAR(count_objects_doc,
             "count_objects(index, width, /)\n--\n\n"
             "Return how many objects a pack's index tells of, whose names have `width` bytes.\n\n"
             "ValueError for what is no index, or one with names that are not in order.");

PyDoc_STRVAR(
    sort_by_offset_doc,
    "sort_by_offset(index, width, size, /)\n--\n\n"
    "Return the positions in a pack's index, of 32 bits each, in the order of the pack.\n\n"
    "Names have `width` bytes, and the pack `size`. ValueError for what is no index.");

PyDoc_STRVAR(mark_others_doc, "mark_others(index, other, width, marks, /)\n--\n\n"
                              "Set the byte of each object that another index has, too.");

PyDoc_STRVAR(
    list_families_doc,
    "list_families(descriptor, size, index, width, order, start, stop, marks, /)\n--\n\n"
    "Return what is known of some objects, each with all deltas against it behind it.\n\n"
    "They are [start, stop) of the order, without those whose byte is set in `marks`, which may "
    "be\n"
    "empty. Six columns: positions, kinds, offsets (64 bits), lengths in the pack, how many rows\n"
    "up the base is (0 for none, all ones where it is no row), and how large about the object is\n"
    "(32 bits each, as positions). ValueError for a pack that is none.");

PyDoc_STRVAR(
    read_links_doc,
    "read_links(data, starts, lead, names, kinds, wanted, width, /)\n--\n\n"
    "Return what the trees and the commits among some objects link to, for list_untouched().\n\n"
    "The objects lie in `data` as unpack() puts them there; `wanted` has the raw names of blobs,\n"
    "sorted. Names have `width` bytes.");

PyDoc_STRVAR(
    list_untouched_doc,
    "list_untouched(trees, commits, /)\n--\n\n"
    "Return the first 8 bytes of the name of each commit that has touched nothing that is "
    "wanted.\n\n"
    "That is where its tree has all of it under the same names as those of all its parents.\n"
    "ValueError for what read_links() has not told.");

PyDoc_STRVAR(
    unpack_doc,
    "unpack(descriptor, size, index, width, offsets, lengths, steps, at, lead, buffer, starts, "
    "failed, /)"
    "\n--\n\n"
    "Put objects of a pack into a buffer, from row `at` on, as long as there is room.\n\n"
    "Each has `lead` before it and a line's end behind it, and of one that could not be made "
    "there\n"
    "is nothing between these, and its byte is set in `failed`. Where each begins, lead included,\n"
    "and where the last one ends, is written to `starts`, 64 bits each. Return the row of the\n"
    "first that is not there any more, and how much of the buffer is filled.");

static PyMethodDef methods[] = {
    {"count_objects", packs_count_objects, METH_VARARGS, count_objects_doc},
    {"sort_by_offset", packs_sort_by_offset, METH_VARARGS, sort_by_offset_doc},
    {"mark_others", packs_mark_others, METH_VARARGS, mark_others_doc},
    {"list_families", packs_list_families, METH_VARARGS, list_families_doc},
    {"unpack", packs_unpack, METH_VARARGS, unpack_doc},
    {"read_links", packs_read_links, METH_VARARGS, read_links_doc},
    {"list_untouched", packs_list_untouched, METH_VARARGS, list_untouched_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

PyDoc_STRVAR(module_doc, "The objects of git's packs, and what its trees and commits link to.");

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "hexscan._packs", .m_doc = module_doc,
    .m_methods = methods,  .m_slots = slots,
};

PyMODINIT_FUNC PyInit__packs(void)
{
    return PyModuleDef_Init(&definition);
}
