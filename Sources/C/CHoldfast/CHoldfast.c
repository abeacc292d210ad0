#define _GNU_SOURCE
#include "CHoldfast.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/vfs.h>

int64_t holdfast_block_device_size(int fd) {
    uint64_t size = 0;
    return ioctl(fd, BLKGETSIZE64, &size) == 0 ? (int64_t)size : -1;
}

int64_t holdfast_file_mode(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? (int64_t)status.st_mode : -1;
}

int64_t holdfast_peak_resident_bytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : -1;
}

int64_t holdfast_seek_data(int fd, int64_t offset) { return lseek(fd, offset, SEEK_DATA); }
int64_t holdfast_seek_hole(int fd, int64_t offset) { return lseek(fd, offset, SEEK_HOLE); }

int holdfast_punch_hole(int fd, int64_t offset, int64_t length) {
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

int holdfast_o_path(void) { return O_PATH; }
int holdfast_o_tmpfile(void) { return O_TMPFILE; }
int holdfast_o_noatime(void) { return O_NOATIME; }
int holdfast_o_direct(void) { return O_DIRECT; }

void holdfast_load_words(const void *source, uint64_t *words, size_t count) {
    const uint64_t *from = source;
    for (size_t index = 0; index < count; index++) words[index] = __atomic_load_n(&from[index], __ATOMIC_ACQUIRE);
}

ssize_t holdfast_read_cached(int fd, void *buffer, size_t length, off_t offset) {
    struct iovec part = {buffer, length};
    return preadv2(fd, &part, 1, offset, RWF_NOWAIT);
}

int64_t holdfast_file_system_magic(int fd) {
    struct statfs status;
    return fstatfs(fd, &status) == 0 ? (int64_t)(uint32_t)status.f_type : -1;
}

int holdfast_syncfs(int fd) { return syncfs(fd); }

int holdfast_rename_noreplace(const char *source, const char *target) {
    return renameat2(AT_FDCWD, source, AT_FDCWD, target, RENAME_NOREPLACE);
}

void holdfast_name_thread(const char *name) {
    char kept[16];
    snprintf(kept, sizeof kept, "%s", name);
    pthread_setname_np(pthread_self(), kept);
}

static _Thread_local const void *current_pool;

void holdfast_set_current_pool(const void *pool) { current_pool = pool; }

const void *holdfast_current_pool(void) { return current_pool; }

void holdfast_share_heaps(int count) { mallopt(M_ARENA_MAX, count); }

int holdfast_set_immutable(int fd, int is_set) {
    int flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) return -1;
    int wanted = is_set ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
    if (wanted == flags) return 0;
    return ioctl(fd, FS_IOC_SETFLAGS, &wanted) == 0 ? 1 : -1;
}

int holdfast_is_immutable(int fd) {
    int flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) return -1;
    return (flags & FS_IMMUTABLE_FL) != 0;
}

uint32_t holdfast_major(uint64_t device) { return major(device); }
uint32_t holdfast_minor(uint64_t device) { return minor(device); }
uint64_t holdfast_makedev(uint32_t major_number, uint32_t minor_number) { return makedev(major_number, minor_number); }

// Written to by a signal handler, which may use nothing that takes a lock.
static int stop_writer = -1;

static void stop_received(int number) {
    (void)number;
    int kept = errno;
    ssize_t ignored = write(stop_writer, "", 1);
    (void)ignored;
    errno = kept;
}

int holdfast_stop_signals(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    stop_writer = ends[1];
    struct sigaction action = {.sa_handler = stop_received, .sa_flags = SA_RESTART};
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (int index = 0; index < 3; index++) {
        if (sigaction(numbers[index], &action, NULL) != 0) return -1;
    }
    return ends[0];
}
