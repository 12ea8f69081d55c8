package io.solebox.server.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever keeps something does so in words that SQLite and PostgreSQL have in common, and knows no
 * driver: so another database can stand behind {@link Database}.
 */
class PortableSqlTest {
  private static final Path MAIN = Path.of("src/main/java");

  /** They are SQLite, behind the seam. */
  private static final Set<String> SQLITE =
      Set.of(
          "StateFile.java",
          "StateCopy.java",
          "WordIndex.java"); // a database of its own in memory, made anew of what the other keeps

  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");

  private static final Pattern STATEMENT =
      Pattern.compile(
          "\\b(SELECT|INSERT|UPDATE|DELETE FROM|CREATE|ALTER|DROP|PRAGMA|VACUUM|WHERE|ORDER BY|ON"
              + " CONFLICT|VALUES)\\b");

  /** What one of them alone understands, or understands in another way. */
  private static final Pattern OF_ONE_ALONE =
      Pattern.compile(
          "\\bPRAGMA\\b|pragma_|sqlite_|\\bINSERT OR\\b|\\bUPDATE OR\\b|\\bREPLACE INTO\\b"
              + "|\\bVACUUM\\b|\\bATTACH\\b|\\bGLOB\\b|\\bMATCH\\b|\\bIFNULL\\b|\\bIIF\\b|\\bRAISE\\b|\\bCOLLATE\\b|\\bINDEXED"
              + " BY\\b|\\bAUTOINCREMENT\\b|\\bWITHOUT ROWID\\b"
              + "|(?i:\\b(typeof|strftime|datetime|julianday|unixepoch|group_concat|total|instr"
              + "|printf|hex|randomblob|zeroblob|last_insert_rowid|json_\\w+|changes)\\s*\\()|\\bx'|==|`|\\[|\\bLIMIT"
              + " -|\\bLIMIT \\?, ?\\?|\\bIS (NOT )?\\?|\\bLIKE\\b|::"
              + "|\\bILIKE\\b|\\bBYTEA\\b|\\bSERIAL\\b|\\$\\d");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(MAIN)) {
      return all.filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !SQLITE.contains(file.getFileName().toString()))
          .toList();
    }
  }

  /** Statements, and parts of them, as they stand in a source. */
  private static List<String> statements(Path source) throws IOException {
    String code =
        Files.readString(source)
            .lines()
            .filter(line -> !line.strip().startsWith("*") && !line.strip().startsWith("//"))
            .collect(Collectors.joining("\n"));
    return code.contains("solebox.storage") || code.contains("package io.solebox.server.storage")
        ? TEXT.matcher(code)
            .results()
            .map(found -> found.group())
            .filter(text -> STATEMENT.matcher(text).find())
            .toList()
        : List.of();
  }

  @Test
  void statementsAreWhatBothUnderstand() throws IOException {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Path source : sources()) {
      for (String statement : statements(source)) {
        seen++;
        if (OF_ONE_ALONE.matcher(statement).find()) {
          wrong.add(source.getFileName() + ": " + statement);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(seen > 150, "only " + seen + " statements were found");
  }

  @Test
  void theDriverIsBehindTheSeam() throws IOException {
    Pattern driver =
        Pattern.compile("import (org\\.sqlite|java\\.sql\\.(?!ResultSet|SQLException))|\"jdbc:");
    List<String> wrong = new ArrayList<>();
    for (Path source : sources()) {
      if (driver.matcher(Files.readString(source)).find()) {
        wrong.add(source.toString());
      }
    }
    assertEquals(List.of(), wrong);
  }
}
