package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFields;
import io.solebox.hardware.board.BoardInfo;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.doctor.facts.BoardLook;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What this box's board says, as the doctor notes it. */
final class AskedBoard {
  private AskedBoard() {}

  /** Texts by their names; none on a box of which no board is known. */
  static Map<String, String> texts(Environment environment) {
    try {
      return OwnBoard.of(HardwareFile.read(Optional.empty(), environment), environment)
          .map(AskedBoard::asked)
          .orElse(Map.of());
    } catch (SoleboxException e) {
      return Map.of(BoardLook.STATUS, silent("the board", e.describe()));
    }
  }

  private static Map<String, String> asked(LinkedBoard opened) {
    try (LinkedBoard board = opened) {
      return switch (board.info()) {
        case Said.No<BoardInfo>(var why) -> Map.of(BoardLook.STATUS, silent(board.name(), why));
        case Said.Yes<BoardInfo>(var info) -> answered(board, info);
      };
    }
  }

  private static Map<String, String> answered(LinkedBoard board, BoardInfo info) {
    return switch (board.status()) {
      case Said.No<BoardStatus>(var why) -> Map.of(BoardLook.STATUS, silent(board.name(), why));
      case Said.Yes<BoardStatus>(var status) -> {
        Map<String, String> texts = new HashMap<>();
        if (board.events(0) instanceof Said.Yes<List<BoardEvent>>(var events)) {
          texts.put(BoardLook.EVENTS, Json.text(BoardFields.of(events)));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", board.name());
        fields.put("info", BoardFields.of(info));
        fields.put("status", BoardFields.of(status));
        fields.put("counts", BoardFields.of(board.counts()));
        texts.put(BoardLook.STATUS, Json.text(fields));
        yield texts;
      }
    };
  }

  private static String silent(String address, String why) {
    return Json.text(Map.of("address", address, "silent", why));
  }
}
