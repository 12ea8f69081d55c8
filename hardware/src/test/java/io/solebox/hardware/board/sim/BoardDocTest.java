package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.OrderResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/board.md}, and Java's names, are those of the control. */
class BoardDocTest {
  /** The cells of each row of the table that is marked so, without its head. */
  private static List<String[]> rows(String name) throws IOException {
    String page = Files.readString(Path.of("../docs/board.md"));
    String marked = page.substring(page.indexOf("<!-- " + name), page.indexOf("<!-- /" + name));
    return marked
        .lines()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> line.substring(2).split(" \\| | \\|$"))
        .toList();
  }

  private static Set<BoardState> states(String cell) {
    Set<BoardState> states = EnumSet.noneOf(BoardState.class);
    Arrays.stream(cell.split(", "))
        .map(BoardDocTest::unquoted)
        .forEach(name -> states.add(BoardState.valueOf(name)));
    return states;
  }

  private static String unquoted(String code) {
    return code.replace("`", "");
  }

  @Test
  void statesAreFollowedAsTheControlHasIt() throws IOException {
    List<BoardState> told = new ArrayList<>();
    try (Bench bench = Bench.off()) {
      for (String[] row : rows("states")) {
        BoardState from = BoardState.valueOf(unquoted(row[0]));
        Set<BoardState> allowed = EnumSet.noneOf(BoardState.class);
        for (BoardState to : BoardState.values()) {
          if (bench.board.allowed(from, to)) {
            allowed.add(to);
          }
        }
        assertEquals(allowed, states(row[3]), from.name());
        told.add(from);
      }
    }
    assertEquals(List.copyOf(EnumSet.complementOf(EnumSet.of(BoardState.UNKNOWN))), told);
  }

  @Test
  void faultsHaveTheirNumbers() throws IOException {
    List<String> expected =
        EnumSet.range(BoardFault.PSU_LOST, BoardFault.WATCHDOG).stream()
            .map(fault -> fault.ordinal() + " " + fault)
            .toList();
    List<String> told =
        rows("faults").stream().map(row -> row[0] + " " + unquoted(row[1])).toList();
    assertEquals(expected, told);
  }

  /** The constants of an enum in {@code ctl.h}, without prefix, as Java would write them. */
  private static List<String> constants(String name, String prefix) throws IOException {
    String header = Files.readString(Path.of("../firmware/core/ctl.h"));
    int begin = header.indexOf("enum " + name + " {");
    String body =
        header.substring(begin, header.indexOf("};", begin)).replaceAll("/\\*.*?\\*/", "");
    return Pattern.compile("\\b" + prefix + "_(\\w+)")
        .matcher(body)
        .results()
        .map(found -> found.group(1).replaceFirst("^12V", "V12"))
        .filter(constant -> !constant.equals("COUNT"))
        .toList();
  }

  /** All but the last, which is for what a later firmware has. */
  private static List<String> known(Enum<?>... constants) {
    return Arrays.stream(constants).limit(constants.length - 1L).map(Enum::name).toList();
  }

  @Test
  void javaHasTheNumbersOfTheControl() throws IOException {
    assertEquals(constants("ctl_state", "STATE"), known(BoardState.values()));
    assertEquals(constants("ctl_fault", "FAULT"), known(BoardFault.values()));
    assertEquals(constants("ctl_cause", "CAUSE"), known(BoardEvent.Cause.values()));
    assertEquals(constants("ctl_result", "RESULT"), known(OrderResult.values()));
  }
}
