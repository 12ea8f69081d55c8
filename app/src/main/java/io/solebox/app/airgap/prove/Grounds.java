package io.solebox.app.airgap.prove;

import java.nio.file.Path;
import java.util.List;

/**
 * What there is on this machine to be reached: made by the process that proves, which both tries,
 * with a gap and without, are told of.
 *
 * @param port4 where somebody listens at 127.0.0.1
 * @param port6 the same at ::1; 0 where there is no IPv6
 * @param unix a local socket where somebody listens
 * @param abstractName one that lies in no folder
 * @param process the one that proves
 * @param address where {@link #SECRET} lies in its memory
 */
record Grounds(int port4, int port6, Path unix, String abstractName, long process, long address) {
  /** What nobody else should read. */
  static final String SECRET = "solebox: kept apart";

  /** As arguments of a command. */
  List<String> arguments() {
    return List.of(
        "" + port4, "" + port6, unix.toString(), abstractName, "" + process, "" + address);
  }

  static Grounds of(List<String> arguments) {
    return new Grounds(
        Integer.parseInt(arguments.get(0)),
        Integer.parseInt(arguments.get(1)),
        Path.of(arguments.get(2)),
        arguments.get(3),
        Long.parseLong(arguments.get(4)),
        Long.parseLong(arguments.get(5)));
  }
}
