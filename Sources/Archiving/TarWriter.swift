import CArchive
import Foundation
import Repository

/// Writes members of a POSIX pax archive to a file descriptor, by libarchive.
///
/// - Extended attributes go into `SCHILY.xattr.…`, which GNU tar and libarchive read; holes into GNU's sparse format 1.0.
/// - Not `Sendable`: libarchive's handles belong to one thread. While it lives, that thread's character set is UTF-8, so
///   that names which are UTF-8 are stored as such, and others as the bytes they are.
final class TarWriter {
    private let archive: OpaquePointer
    private let characters: locale_t?
    private let charactersBefore: locale_t?

    /// - Parameter descriptor: stays open; a pipe, a file, anything that takes bytes.
    /// - Throws: ``ArchivingError``.
    init(to descriptor: Int32) throws {
        guard let made = archive_write_new() else { throw ArchivingError(.outputFailed, "out of memory") }
        archive = made
        characters = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)
        charactersBefore = characters.map { uselocale($0) }
        try check(archive_write_set_format_pax(made))
        try check(archive_write_set_format_option(made, "pax", "xattrheader", "SCHILY"))
        try check(archive_write_open_fd(made, descriptor))
    }

    deinit {
        // Without the end mark of `finish`, whoever reads it sees that it was cut off.
        _ = archive_write_fail(archive)
        _ = archive_write_free(archive)
        if let charactersBefore { _ = uselocale(charactersBefore) }
        if let characters { freelocale(characters) }
    }

    /// Begins a member. The contents of a file follow by ``write(_:)``, zeros for holes too.
    func begin(_ member: TarMember) throws {
        guard let entry = archive_entry_new() else { throw ArchivingError(.outputFailed, "out of memory") }
        defer { archive_entry_free(entry) }
        Self.withText(member.path) { archive_entry_copy_pathname(entry, $0) }
        archive_entry_set_perm(entry, member.mode & 0o7777)
        archive_entry_set_uid(entry, Int64(member.owner))
        archive_entry_set_gid(entry, Int64(member.group))
        let (seconds, nanoseconds) = Self.written(member.modified)
        archive_entry_set_mtime(entry, seconds, nanoseconds)
        for attribute in member.extendedAttributes {
            Self.withText(attribute.name) { name in
                attribute.value.withUnsafeBytes {
                    archive_entry_xattr_add_entry(entry, name, $0.baseAddress, $0.count)
                }
            }
        }
        // libarchive 3.6 cuts the name of a file with holes when it is long and not UTF-8: such a file is stored without.
        set(member.kind, of: entry, knowsHoles: String(validating: member.path, as: UTF8.self) != nil)
        // Where a name is not UTF-8, libarchive tells that from too little memory by errno, which it does not clear before.
        errno = 0
        try check(archive_write_header(archive, entry))
    }

    /// libarchive writes the two numbers with a point between, also where the seconds are below zero: then they have to be
    /// the parts of the decimal number that POSIX and GNU tar read. The last second before 1970 loses its fraction: there is
    /// no negative zero to write.
    private static func written(_ time: ItemTime) -> (time_t, Int) {
        guard time.seconds < 0, time.nanoseconds > 0 else { return (time_t(time.seconds), Int(time.nanoseconds)) }
        guard time.seconds < -1 else { return (-1, 0) }
        return (time_t(time.seconds) + 1, 1_000_000_000 - Int(time.nanoseconds))
    }

    private func set(_ kind: TarMember.Kind, of entry: OpaquePointer, knowsHoles: Bool) {
        func type(_ bits: mode_t) { archive_entry_set_filetype(entry, UInt32(bits)) }
        switch kind {
        case .file(let sizeBytes, let dataRuns):
            type(S_IFREG)
            archive_entry_set_size(entry, sizeBytes)
            guard knowsHoles, let dataRuns else { return }
            for run in dataRuns {
                archive_entry_sparse_add_entry(entry, run.lowerBound, run.upperBound - run.lowerBound)
            }
            // Nothing but a hole: a list that is empty would mean that there is none.
            if dataRuns.isEmpty { archive_entry_sparse_add_entry(entry, sizeBytes, 0) }
        case .directory: type(S_IFDIR)
        case .symbolicLink(let target):
            type(S_IFLNK)
            Self.withText(target) { archive_entry_copy_symlink(entry, $0) }
        case .hardLink(let target):
            type(S_IFREG)
            Self.withText(target) { archive_entry_copy_hardlink(entry, $0) }
        case .pipe: type(S_IFIFO)
        case .characterDevice(let major, let minor):
            type(S_IFCHR)
            archive_entry_set_rdevmajor(entry, dev_t(major))
            archive_entry_set_rdevminor(entry, dev_t(minor))
        case .blockDevice(let major, let minor):
            type(S_IFBLK)
            archive_entry_set_rdevmajor(entry, dev_t(major))
            archive_entry_set_rdevminor(entry, dev_t(minor))
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = archive_write_data(archive, part.baseAddress, part.count)
            guard count > 0 else { throw failure() }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes the end mark, and everything that is held back.
    func finish() throws { try check(archive_write_close(archive)) }

    /// Warnings are about names in another character set than UTF-8: they are stored as the bytes they are.
    private func check(_ code: Int32) throws {
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN else { throw failure() }
    }

    private func failure() -> ArchivingError {
        let number = archive_errno(archive)
        let reason =
            number > 0
            ? String(cString: strerror(number))
            : archive_error_string(archive).map { String(cString: $0) } ?? "unknown reason"
        return ArchivingError(.outputFailed, "the archive can't be written: \(reason)")
    }

    private static func withText(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Void) {
        (bytes + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                if let start = text.baseAddress { body(start) }
            }
        }
    }
}
