package io.solebox.hardware.doctor.check;

import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.BoardLook;
import io.solebox.hardware.doctor.facts.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the controller of the board answers, and has not taken the module's power. */
final class BoardLink implements Check {
  /** A version of frames that this program speaks. */
  private static final int LINK = 1;

  /** As many frames go wrong when something is plugged in; more of them are a bad line. */
  private static final double BAD_FRAMES = 10;

  /** Of the fans' drive; a fan that is driven with less may stand. */
  private static final double DRIVEN_PERCENT = 20;

  private static final String STATUS = "solebox board status";

  @Override
  public String id() {
    return "smc.link";
  }

  @Override
  public String title() {
    return "the board's controller answers, and has latched no fault";
  }

  @Override
  public List<String> reads() {
    return List.of(BoardLook.STATUS, BoardLook.EVENTS);
  }

  @Override
  public String rule() {
    return "A failure where the board that the owner names (board= in hardware.properties) has"
        + " latched a fault, which takes the module's power, or a fan stands still that it drives"
        + " with more than a fifth; a warning where it does not answer, misses the host's"
        + " heartbeat, has begun anew because its firmware hung, speaks another version of the"
        + " link, or more than ten frames came wrong.";
  }

  @Override
  public String remedy() {
    return "What the fault says: solebox board events tells what was before it. Of a link: look at"
        + " RX and TX (crossed), ground, the device's name and speed, and who else has it open.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("gpu.present", "xid", "nvrm.init");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Reading noted = facts.box().read(BoardLook.STATUS);
    Optional<BoardLook> look = BoardLook.of(facts.box());
    if (noted instanceof Reading.Absent) {
      return List.of(
          Finding.calm(
              id(),
              Verdict.NOT_APPLICABLE,
              "No board is named, or nobody has asked it.",
              List.of()));
    }
    if (look.isEmpty()) {
      return List.of(Unread.of(id(), "What the board answered", noted));
    }
    return List.of(
        look.get()
            .silence()
            .map(why -> silent(look.get(), why))
            .orElseGet(() -> answered(look.get())));
  }

  private Finding silent(BoardLook board, String why) {
    return Finding.problem(
        id(),
        Verdict.WARN,
        "The board at %s does not answer: %s.".formatted(board.address(), why),
        List.of(board.evidence("silent")),
        remedy(),
        STATUS);
  }

  private Finding answered(BoardLook board) {
    Optional<BoardFault> fault = board.fault();
    if (fault.isEmpty() || board.state().isEmpty()) {
      return Unread.of(id(), "The board's state", new Reading.Content(new byte[0]));
    }
    if (fault.get() != BoardFault.NONE) {
      return latched(board, fault.get());
    }
    List<Double> fans = board.fans();
    double driven = board.number("status.fan_percent").orElse(0);
    if (driven > DRIVEN_PERCENT && fans.contains(0.0)) {
      return problem(
          Verdict.FAIL,
          board,
          "Fan %d stands still, though the board drives it with %.0f %%."
              .formatted(fans.indexOf(0.0) + 1, driven),
          "Look whether something blocks it, and at its plug; replace it.",
          "status.fan_percent");
    }
    return line(board).orElseGet(() -> well(board));
  }

  private Finding latched(BoardLook board, BoardFault fault) {
    List<Evidence> evidence = new ArrayList<>(List.of(board.evidence("status.fault")));
    board.lastFault().ifPresent(evidence::add);
    return Finding.problem(
        id(),
        Verdict.FAIL,
        "The board has taken the module's power: %s.".formatted(fault.words()),
        evidence,
        fault.remedy(),
        STATUS);
  }

  /** What is wrong between the board and the host. */
  private Optional<Finding> line(BoardLook board) {
    if (board.has("host_late")) {
      return Optional.of(
          problem(
              Verdict.WARN,
              board,
              "The board misses the host's heartbeat, and throttles the module.",
              BoardFault.HOST_SILENT.remedy(),
              "status.heartbeat_age_seconds"));
    }
    double link = board.number("info.link").orElse(LINK);
    if (link != LINK) {
      return Optional.of(
          problem(
              Verdict.WARN,
              board,
              "The board speaks version %.0f of the link, this program version %d."
                  .formatted(link, LINK),
              "Update whichever is older, the board's firmware or Solebox.",
              "info.link"));
    }
    double bad = board.number("status.bad_frames").orElse(0) + board.number("counts.bad").orElse(0);
    if (bad > BAD_FRAMES) {
      return Optional.of(
          problem(
              Verdict.WARN,
              board,
              "%.0f frames came wrong between board and host.".formatted(bad),
              "Shorter wires, a ground beside each, a lower speed on both sides.",
              "status.bad_frames"));
    }
    return board.text("info.after_watchdog").filter("true"::equals).isPresent()
        ? Optional.of(
            problem(
                Verdict.WARN,
                board,
                "The board's firmware hung and began anew.",
                BoardFault.WATCHDOG.remedy(),
                "info.after_watchdog"))
        : Optional.empty();
  }

  private Finding well(BoardLook board) {
    BoardState state = board.state().orElseThrow();
    String name = board.text("info.board").map(its -> "The board " + its).orElse("The board");
    String firmware =
        board.text("info.firmware").map(version -> ", firmware " + version).orElse("");
    List<Evidence> evidence = new ArrayList<>(List.of(board.evidence("status.state")));
    String before =
        board
            .lastFault()
            .map(last -> " The last fault that it notes: " + last.text() + ".")
            .orElse("");
    board.lastFault().ifPresent(evidence::add);
    String words = state.isPowered() ? "" : "; the module has no power";
    return Finding.calm(
        id(),
        state.isPowered() && before.isEmpty() ? Verdict.OK : Verdict.INFO,
        "%s at %s%s: %s%s.%s"
            .formatted(name, board.address(), firmware, state.words(), words, before),
        evidence);
  }

  private Finding problem(
      Verdict verdict, BoardLook board, String message, String remedy, String path) {
    return Finding.problem(id(), verdict, message, List.of(board.evidence(path)), remedy, STATUS);
  }
}
