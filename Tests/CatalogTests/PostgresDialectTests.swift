import Testing

@testable import Catalog

@Suite("PostgreSQL gets its own spelling, from one place")
struct PostgresDialectTests {
    @Test(
        "placeholders are numbered, but not in texts, names and comments",
        arguments: [
            ("SELECT a FROM b WHERE c = ? AND d = ?", "SELECT a FROM b WHERE c = $1 AND d = $2"),
            ("SELECT '?', \"?\", 'it''s ?' -- ?\n, ?", "SELECT '?', \"?\", 'it''s ?' -- ?\n, $1"),
            ("?", "$1"), ("'never ended ?", "'never ended ?"), ("", ""),
        ])
    func placeholders(sql: String, wanted: String) {
        #expect(SQLDialect.postgres.translate(sql) == wanted)
    }

    @Test("types of columns are translated where tables are made, and nowhere else")
    func types() {
        #expect(
            SQLDialect.postgres.translate("CREATE TABLE t (TEXTS BIGINT, a TEXT DEFAULT 'TEXT', b BLOB)")
                == "CREATE TABLE t (TEXTS BIGINT, a TEXT COLLATE \"C\" DEFAULT 'TEXT', b BYTEA)")
        #expect(
            SQLDialect.postgres.translate("ALTER TABLE t ADD COLUMN c TEXT")
                == "ALTER TABLE t ADD COLUMN c TEXT COLLATE \"C\"")
        #expect(SQLDialect.postgres.translate("SELECT TEXT FROM t") == "SELECT TEXT FROM t")
    }

    @Test("a statement that is used stays prepared, the longest unused one goes")
    func statements() {
        var cache = StatementCache(capacity: 2)
        for sql in ["a", "b"] { cache.insert(cache.newEntry(sql), as: sql) }
        #expect(cache.find("a") != nil)
        let evicted = cache.evict()
        #expect(evicted == "holdfast_2" && cache.find("b") == nil && cache.find("a")?.name == "holdfast_1")
        #expect(cache.evict() == nil)
    }
}
