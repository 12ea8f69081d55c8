package io.solebox.app.receipts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.Replayer.Turn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files with what was said before a request. */
final class EarlierFiles {
  private EarlierFiles() {}

  /**
   * @param files the oldest first
   * @throws SoleboxException {@code INVALID_PARAMETER} for one that is no JSON object
   */
  static List<Turn> read(List<Path> files) {
    List<Turn> turns = new ArrayList<>();
    for (Path file : files) {
      try {
        var object = new JsonReader(JsonLimits.LOCAL).readObject(ReceiptFile.bytes(file));
        turns.add(new Turn(file.toString(), object));
      } catch (JsonException e) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            file.toString(),
            "This is no JSON object: " + e.getMessage() + ".",
            "Give requests and responses as they were sent, or an exported conversation.");
      }
    }
    return turns;
  }
}
