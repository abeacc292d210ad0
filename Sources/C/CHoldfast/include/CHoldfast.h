#ifndef HOLDFAST_CHOLDFAST_H
#define HOLDFAST_CHOLDFAST_H

// System calls and constants that the Glibc module does not offer to Swift.
// Each is a header include or a one-line wrapper: there is no logic here.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/fs.h>
#endif

/// The size in bytes of an open block device, or -1 with errno set.
int64_t holdfast_block_device_size(int fd);

/// The permission bits and kind of an open file, or -1 with errno set.
int64_t holdfast_file_mode(int fd);

/// The peak resident set size of this process in bytes.
int64_t holdfast_peak_resident_bytes(void);

/// SEEK_DATA and SEEK_HOLE, which glibc hides behind _GNU_SOURCE.
int64_t holdfast_seek_data(int fd, int64_t offset);
int64_t holdfast_seek_hole(int fd, int64_t offset);

/// fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE).
int holdfast_punch_hole(int fd, int64_t offset, int64_t length);

/// Open flags that glibc hides behind _GNU_SOURCE.
int holdfast_o_path(void);
int holdfast_o_tmpfile(void);
int holdfast_o_noatime(void);
int holdfast_o_direct(void);

/// preadv2 with RWF_NOWAIT: reads only what the system has in its cache; -1 with EAGAIN when that is nothing.
ssize_t holdfast_read_cached(int fd, void *buffer, size_t length, off_t offset);

/// Loads words of memory that other threads or processes write, one after the other, each with acquire order.
void holdfast_load_words(const void *source, uint64_t *words, size_t count);

/// The type of the file system that holds fd (statfs(2) f_type), or -1.
int64_t holdfast_file_system_magic(int fd);

/// syncfs(2): flushes the file system that holds fd.
int holdfast_syncfs(int fd);

/// renameat2 with RENAME_NOREPLACE: refuses a taken name with EEXIST.
int holdfast_rename_noreplace(const char *source, const char *target);

/// Names the calling thread (at most 15 bytes are kept).
void holdfast_name_thread(const char *name);

/// Remembers which pool the calling thread belongs to; for comparison only, never followed.
void holdfast_set_current_pool(const void *pool);
const void *holdfast_current_pool(void);

/// Lets all threads share so many heaps, where each would get one of its own: each keeps what its peak took.
void holdfast_share_heaps(int count);

/// Sets or clears the immutable attribute of an open file (FS_IMMUTABLE_FL, as chattr(1) does): 0 when it was so already,
/// 1 when it was changed, -1 with errno set.
int holdfast_set_immutable(int fd, int is_set);

/// 1 when an open file has the immutable attribute, 0 when it has not, -1 with errno set.
int holdfast_is_immutable(int fd);

/// major(3), minor(3), makedev(3), which are macros.
uint32_t holdfast_major(uint64_t device);
uint32_t holdfast_minor(uint64_t device);
uint64_t holdfast_makedev(uint32_t major_number, uint32_t minor_number);

/// A descriptor that can be read from once SIGINT, SIGTERM or SIGHUP has come, which do nothing else from then on;
/// or -1 with errno set. Once in a process.
int holdfast_stop_signals(void);

#endif
