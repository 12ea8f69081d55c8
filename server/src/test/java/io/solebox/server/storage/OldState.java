package io.solebox.server.storage;

import io.solebox.server.http.Digests;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;

/** States as earlier versions have left them, with something in each table that had texts. */
public final class OldState {
  /** The last version that kept texts as they are. */
  public static final int LAST_PLAIN = 3;

  /** Is in every text. */
  public static final String MARKER = "kept-as-it-came";

  public static final String FILE_TEXT = "a file that was " + MARKER + "\n";

  private OldState() {}

  /**
   * Makes one.
   *
   * @param version of its tables, 1 to {@link #LAST_PLAIN}
   * @param copies of each thing, whose ids end with their numbers
   */
  public static void make(Path file, int version, int copies) throws IOException, SQLException {
    Files.createDirectories(file.resolveSibling("files"));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Sql sql = new Sql(connection);
      sql.first(row -> row.getString(1), "PRAGMA journal_mode = WAL");
      connection.setAutoCommit(false);
      ServerTables.SCHEMA.run(sql, file, version);
      for (int i = 0; i < copies; i++) {
        rows(sql, version, i);
        Files.writeString(file.resolveSibling("files").resolve("file-" + i), FILE_TEXT);
      }
      connection.commit();
    }
  }

  private static void rows(Sql sql, int version, int i) throws SQLException {
    String text = "\"text\":\"" + MARKER + "\"";
    sql.update(
        "INSERT INTO chat_completion VALUES (?, '', 5, 'echo', ?, ?, ?)",
        "chatcmpl-" + i,
        "{\"note\":\"%s\"}".formatted(MARKER),
        "[{\"role\":\"user\",\"content\":\"%s\"}]".formatted(MARKER),
        "{\"id\":\"chatcmpl-%d\",\"model\":\"echo\",%s}".formatted(i, text));
    sql.update(
        "INSERT INTO conversation VALUES (?, '', 5, 6, ?)",
        "conv_" + i,
        "{\"topic\":\"%s\"}".formatted(MARKER));
    sql.update(
        "INSERT INTO conversation_item VALUES (?, 0, ?, ?)",
        "conv_" + i,
        "msg_c" + i,
        "{\"id\":\"msg_c%d\",\"type\":\"message\",%s}".formatted(i, text));
    sql.update(
        "INSERT INTO response VALUES (?, '', 5, 'completed', NULL, NULL, ?, ?)",
        "resp_" + i,
        "[{\"id\":\"msg_in%d\",\"type\":\"message\",%s}]".formatted(i, text),
        ("{\"id\":\"resp_%1$d\",\"status\":\"completed\",\"output\":[{\"id\":\"rs_%1$d\",%2$s},"
                + "{\"id\":\"msg_out%1$d\",%2$s}],\"previous_response_id\":null}")
            .formatted(i, text));
    MessageDigest digest = Digests.sha256();
    sql.update(
        "INSERT INTO file VALUES (?, '', 5, NULL, ?, 'batch', ?, ?)",
        "file-" + i,
        MARKER + ".jsonl",
        FILE_TEXT.length(),
        HexFormat.of().formatHex(digest.digest(FILE_TEXT.getBytes(StandardCharsets.UTF_8))));
    sql.update(
        "INSERT INTO batch VALUES (?, '', 5, 'cancelled', '/v1/responses', ?, 1, ?)",
        "batch_" + i,
        "file-" + i,
        ("{\"id\":\"batch_%1$d\",\"endpoint\":\"/v1/responses\",\"input_file\":\"file-%1$d\","
                + "\"status\":\"cancelled\",\"metadata\":{\"note\":\"%2$s\"},"
                + "\"output_lifetime\":null,\"created\":5,\"expires\":9,\"at\":{},\"total\":1,"
                + "\"completed\":1,\"failed\":0,\"output_file\":null,\"error_file\":null,"
                + "\"errors\":[]}")
            .formatted(i, MARKER));
    sql.update("INSERT INTO batch_line VALUES (?, 1, 0, ?)", "batch_" + i, "{%s}".formatted(text));
    if (version >= 3) {
      sql.update(
          "INSERT INTO response_event VALUES (?, 0, ?, 'response.completed', ?)",
          "resp_" + i,
          Long.MAX_VALUE / 2,
          "{\"type\":\"response.completed\",%s}".formatted(text));
    }
  }
}
