#define FUSE_USE_VERSION 35
// Not _FILE_OFFSET_BITS, by which the types of other modules would differ: offsets have 64 bits on 64-bit systems anyway.
#include <fuse.h>
#include <fuse_lowlevel.h>

// fuse_new is a macro in some versions, and takes the size of the table of operations by which it knows ours.
static inline struct fuse *holdfast_fuse_new(
    struct fuse_args *arguments, const struct fuse_operations *operations, void *context) {
    return fuse_new(arguments, operations, sizeof *operations, context);
}
