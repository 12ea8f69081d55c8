package io.solebox.server.tools.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program of tools, from its start to its end; in this order, since it is one. */
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class McpToolsTest {
  private static final ToolCaller SOMEBODY = new ToolCaller("", "chat_1", "msg_1", "call_1");
  private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
  private static McpTools tools;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws InterruptedException {
    Map<String, McpSettings.Place> servers =
        Map.of(
            "toy", new McpSettings.Program(ToyTools.command(), Map.of("TOY", "1")),
            "none", new McpSettings.Program(List.of("/there/is/no/such/program"), Map.of()));
    tools = new McpTools(new McpSettings(servers));
    tools.start("test", new PrintStream(LOG, true, StandardCharsets.UTF_8));
    until(() -> find("toy__sleep").isPresent());
  }

  @AfterAll
  static void stop() {
    tools.close();
    assertEquals(
        List.of(), ProcessHandle.current().children().filter(McpToolsTest::isToy).toList());
  }

  private static boolean isToy(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("ToyTools");
  }

  /** Waits for what another thread brings about. */
  static void until(BooleanSupplier state) throws InterruptedException {
    while (!state.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  private static Optional<Tool> find(String name) {
    return tools.tools().stream().filter(each -> each.spec().name().equals(name)).findFirst();
  }

  private static String call(String name, Map<String, Object> arguments)
      throws InterruptedException {
    return find(name).orElseThrow().call(arguments, SOMEBODY).text();
  }

  private static String state(String server) {
    return tools.states().stream()
        .filter(each -> each.name().equals(server))
        .map(each -> each.word() + " " + each.why().orElse(""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Order(1)
  void itsToolsAreThereUnderItsName() throws InterruptedException {
    assertEquals("hello", call("toy__echo", Map.of("text", "hello")));
    assertTrue(find("toy__echo").orElseThrow().spec().onlyReads());
    assertFalse(find("toy__turn").orElseThrow().spec().onlyReads());
    assertEquals("toy", find("toy__echo").orElseThrow().spec().source());
    assertTrue(find("toy__hidden").isEmpty());
    assertTrue(state("toy").contains("signs that nobody can see"), state("toy"));
    until(() -> state("none").startsWith("failed It cannot be started"));
  }

  @Test
  @Order(2)
  void itsEnvironmentIsItsOwn() throws InterruptedException {
    List<String> names = List.of(call("toy__environment", Map.of()).split(" "));
    assertTrue(names.contains("TOY") && names.contains("PATH"), names::toString);
    assertFalse(names.contains("JAVA_HOME"), names::toString);
  }

  @Test
  @Order(3)
  void whoNoLongerWaitsIsNotHeld() throws InterruptedException {
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    call("toy__sleep", Map.of());
                  } catch (InterruptedException e) {
                    // as it should be
                  }
                });
    waiting.interrupt();
    waiting.join();
    assertEquals("still here", call("toy__echo", Map.of("text", "still here")));
  }

  /** What an administrator has allowed is what it was: it is another tool now. */
  @Test
  @Order(4)
  void aToolThatDescribesItselfOtherwiseIsAnother() throws InterruptedException {
    String before = find("toy__echo").orElseThrow().spec().fingerprint();
    assertEquals("turned", call("toy__turn", Map.of()));
    until(() -> find("toy__echo").filter(t -> !t.spec().fingerprint().equals(before)).isPresent());
  }

  @Test
  @Order(5)
  void aProgramThatEndsIsStartedAnew() throws InterruptedException {
    ToolException ended = assertThrows(ToolException.class, () -> call("toy__end", Map.of()));
    assertTrue(ended.getMessage().contains("exit code 3"), ended::getMessage);
    assertTrue(ended.getMessage().contains("a line for whoever looks"), ended::getMessage);
    until(() -> LOG.toString(StandardCharsets.UTF_8).contains("mcp toy: The program has ended"));
    until(() -> find("toy__echo").isPresent());
    assertEquals("again", call("toy__echo", Map.of("text", "again")));
  }

  @ParameterizedTest
  @Order(6)
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"mcpServers\": 1}",
        "{\"mcpServers\": {}, \"more\": 1}",
        "{\"mcpServers\": {\"a b\": {\"command\": \"x\"}}}",
        "{\"mcpServers\": {\"a\": {}}}",
        "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"url\": \"http://h\"}}}",
        "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"args\": \"y\"}}}",
        "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"env\": {\"A\": 1}}}}",
        "{\"mcpServers\": {\"a\": {\"url\": \"ftp://host/\"}}}",
        "{\"mcpServers\": {\"a\": {\"url\": \"nothing\"}}}",
        "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"cwd\": \"/\"}}}"
      })
  void aFileThatIsNotAsItShouldBeIsRefused(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("mcp.json"), text);
    assertThrows(SoleboxException.class, () -> McpSettings.read(file));
  }

  @Test
  @Order(7)
  void aFileIsRead() throws IOException {
    String text =
        "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"args\": [\"y\"], \"env\": {\"K\": \"v\"}},"
            + " \"b\": {\"url\": \"http://127.0.0.1:1/mcp\", \"headers\": {\"H\": \"s3cret\"}},"
            + " \"c\": {\"url\": \"https://192.0.2.1/mcp\"}}}";
    McpSettings read = McpSettings.read(Files.writeString(folder.resolve("mcp.json"), text));
    assertEquals(
        new McpSettings.Program(List.of("x", "y"), Map.of("K", "v")), read.servers().get("a"));
    assertFalse(((McpSettings.Address) read.servers().get("b")).isElsewhere());
    assertTrue(((McpSettings.Address) read.servers().get("c")).isElsewhere());
    assertFalse(read.toString().contains("s3cret"), read::toString);
  }
}
