package io.solebox.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.Synthetic;
import io.solebox.app.console.Environment;
import io.solebox.app.session.OwnLook;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.BoardStatus.Flag;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guard end to end: a server that hangs, as a process that is stopped, on a board that notices.
 * The board is the firmware's own control behind a pseudo terminal.
 */
@Timeout(120)
class BoardedServerTest {
  private static final String LISTENS = "Solebox listens on ";

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Path log;
  private BoardAtWork atWork;
  private LinkedBoard board;
  private Process server;
  private String url;

  @BeforeEach
  void start() throws Exception {
    atWork = new BoardAtWork();
    board = atWork.open();
    order(new Order.On());
    await(status -> status.state() == BoardState.RUN);
    Files.writeString(
        folder.resolve("hardware.properties"),
        "board=%s\nguard.every_seconds=0.1\n".formatted(atWork.address()));
    log = folder.resolve("serve.log");
    ProcessBuilder builder =
        solebox(
            "serve",
            Synthetic.model(folder, "tiny", "Q8_0").toString(),
            "--device=cpu",
            "--port=0",
            "--no-store",
            "--any-name");
    server = builder.redirectError(log.toFile()).start();
    String line = server.inputReader(StandardCharsets.UTF_8).readLine();
    assertTrue(line != null && line.startsWith(LISTENS), () -> line + "\n" + said());
    url = line.substring(LISTENS.length());
  }

  private ProcessBuilder solebox(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.solebox.app.Main"));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("SOLEBOX_HOME", folder.toString());
    builder.environment().remove("SOLEBOX_OFFLINE");
    return builder;
  }

  /** What a command says beside the server; it must succeed. */
  private String command(String... arguments) throws Exception {
    Process process = solebox(arguments).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), words);
    return words;
  }

  @AfterEach
  void end() {
    Optional.ofNullable(server).ifPresent(Process::destroyForcibly);
    Optional.ofNullable(board).ifPresent(LinkedBoard::close);
    Optional.ofNullable(atWork).ifPresent(BoardAtWork::close);
    client.close();
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static <T> T value(Said<T> said) {
    return switch (said) {
      case Said.Yes<T>(var value) -> value;
      case Said.No<T>(var why) -> throw new AssertionError(why);
    };
  }

  private void order(Order order) {
    assertEquals(OrderResult.DONE, value(board.order(order)));
  }

  private BoardStatus status() {
    return value(board.status());
  }

  private BoardStatus await(Predicate<BoardStatus> wanted) {
    BoardStatus status = status();
    while (!wanted.test(status)) {
      status = status();
    }
    return status;
  }

  private void awaitSaid(String words) {
    while (!said().contains(words)) {
      assertTrue(server.isAlive(), this::said);
      Thread.onSpinWait();
    }
  }

  private void send(String signal) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, "" + server.pid()).start().waitFor());
  }

  private HttpResponse<String> ask() throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + "/v1/completions"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"tiny\",\"prompt\":\"a\",\"max_tokens\":4}"))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void aServerThatHangsLosesItsModuleAndFindsItAgain() throws Exception {
    await(status -> status.flags().contains(Flag.HOST_EXPECTED));
    assertEquals(200, ask().statusCode(), this::said);

    send("STOP");
    atWork.pass(Duration.ofSeconds(6));
    BoardStatus late = status();
    assertEquals(BoardState.RUN, late.state());
    assertTrue(late.flags().containsAll(List.of(Flag.HOST_LATE, Flag.THROTTLE)), late.toString());
    assertEquals(100, late.fanPercent());
    atWork.pass(Duration.ofSeconds(10));
    BoardStatus safe = status();
    assertEquals(BoardState.FAULT, safe.state());
    assertEquals(BoardFault.HOST_SILENT, safe.fault());
    for (Flag enable : List.of(Flag.EN_AUX, Flag.EN_CORE, Flag.EN_MODULE, Flag.PERST_RELEASED)) {
      assertFalse(safe.flags().contains(enable), safe.toString());
    }

    send("CONT");
    awaitSaid("stopped: the board");
    assertTrue(said().contains("no heartbeat came from the host"), this::said);
    HttpResponse<String> refused = ask();
    assertEquals(503, refused.statusCode());
    assertTrue(refused.body().contains("has taken the module's power"), refused.body());
    String events = command("board", "events");
    assertTrue(events.contains("no heartbeat came from the host"), events);
    Finding found = doctor();
    assertEquals(Verdict.FAIL, found.verdict());
    assertTrue(found.message().contains("no heartbeat came from the host"), found.message());

    atWork.pass(Duration.ofSeconds(2)); // rails fall
    command("board", "reset-fault");
    command("board", "power", "on");
    awaitSaid("is well again");
    assertEquals(200, ask().statusCode(), this::said);

    send("TERM");
    assertTrue(server.waitFor(30, TimeUnit.SECONDS));
    atWork.pass(Duration.ofSeconds(20));
    BoardStatus after = status();
    assertFalse(after.flags().contains(Flag.HOST_EXPECTED), "it has said goodbye");
    assertEquals(BoardState.RUN, after.state());
  }

  private Finding doctor() {
    var environment =
        new Environment(Map.of("SOLEBOX_HOME", folder.toString()), folder, Optional.empty());
    return OwnLook.examine(environment, _ -> {}).stream()
        .filter(each -> each.id().equals("smc.link"))
        .findFirst()
        .orElseThrow();
  }
}
