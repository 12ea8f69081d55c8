package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and messages: 0 fine, 1 failed, 2 wrong usage; one line, never a trace. */
class UsageTest {
  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  @Test
  void helpGoesToStdoutAndHidesSynth() {
    var help = cli().run("--help");
    assertEquals(0, help.exitCode());
    assertEquals("", help.err());
    for (String command :
        List.of(
            "run",
            "chat",
            "serve",
            "devices",
            "inspect",
            "tokenize",
            "detokenize",
            "template",
            "logits",
            "perplexity",
            "compare",
            "bench")) {
      assertTrue(help.out().contains("\n  " + command + " "), command);
      assertEquals(0, cli().run(command, "--help").exitCode(), command);
    }
    assertFalse(help.out().contains("synth"));
  }

  @Test
  void aloneItShowsItsCommands() {
    var result = cli().run();
    assertEquals(2, result.exitCode());
    assertEquals("", result.out());
    assertTrue(result.err().startsWith("solebox: What should be done?"), result.err());
    for (String command : List.of("run", "chat", "serve", "inspect")) {
      assertTrue(result.err().contains("\n  " + command + " "), result.err());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "run --nonsense",
        "run -p hello --temperature -1",
        "run -p hello --temperature warm",
        "run -p hello --temperature 1e-50",
        "run -p hello --temperature 1e39",
        "run -p hello --temperature NaN",
        "run -p hello --top-p 1.5",
        "run -p hello --device cuda:0,0",
        "run -p hello --device cuda:0,x",
        "run -p hello --device cuda:0 --split layers",
        "run -p hello --device cuda:0 --split tensor",
        "run -p hello --device cuda:0,1 --split tensor --shares 1,1",
        "run -p hello --device cuda:0,1 --split tensor --gpu-layers 3",
        "run -p hello --device cuda:0,1 --shares 1,0",
        "run -p hello --device cuda:0,1 --shares 1,1,1",
        "run -p hello --shares 1,1",
        "serve --device cuda:1,1",
        "bench --device cuda:0,1 --shares 3",
        "run -p hello --min-p 1e-46",
        "run -p hello --presence-penalty Infinity",
        "run -p hello -n 0",
        "run -p hello --threads 0",
        "run -p hello --threads 1025",
        "run -p hello --context 0",
        "run -p hello --context 2147483648",
        "run -p hello --kv-type f64",
        "run --raw --system be -p hello",
        "run --raw --chat-template chatml -p hello",
        "run --raw --template-arg a=1 -p hello",
        "run -p hello --template-arg a",
        "serve a b --chat-template chatml",
        "run a b -p hello",
        "tokenize model",
        "tokenize model -p a --file b",
        "template --input x",
        "logits model",
        "perplexity",
        "imatrix model",
        "imatrix model --out i.bin",
        "imatrix model --out i.gguf --context 1",
        "imatrix model --out i.gguf --chunks 0",
        "imatrix model --out i.gguf --skip -1",
        "imatrix model --out i.gguf --threads 0",
        "models quality",
        "models quality --source model",
        "models quality model --source model --chunks 0",
        "perplexity model --file f --context 1",
        "perplexity model --file f --stride 0",
        "perplexity model --file f --stride 512",
        "perplexity model --file f --chunks 0",
        "compare a --file f",
        "compare a b --file f --kv-type-b f64",
        "run -p hello --lookup --draft b",
        "run -p hello --draft-tokens 3",
        "run -p hello --lookup --draft-tokens 0",
        "chat --lookup --draft-tokens 65",
        "serve a b --draft c",
        "serve --kv-save-size 1GiB",
        "serve --kv-spill-disk 1GiB",
        "serve --kv-spill 1GiB --kv-spill-disk much",
        "serve --kv-spill 1GiB --kv-spill-dir x",
        "serve --keep-days 0",
        "serve --keep-days 36501",
        "serve --keep-days 3 --no-store",
        "bench --lookup -b 2",
        "bench --lookup --profile",
        "bench --lookup --at 64",
        "bench --lookup --bandwidth",
        "bench --synthetic tiny:F32 --draft a",
        "bench -n 1",
        "bench -b 0",
        "bench --http some.gguf",
        "bench --http --profile",
        "bench --http --synthetic tiny:F32",
        "bench --http --lookup",
        "bench --http --at 64",
        "bench --http -b 5000",
        "bench --http -n 401",
        "bench --http --bandwidth",
        "bench --http -p 7",
        "bench --http --kv-type f32",
        "bench --http --threads 2",
        "bench --bandwidth -n 4",
        "bench --bandwidth -r 2",
        "bench --bandwidth --context 8",
        "bench --lookup -p 7",
        "bench -p 2147483647 -n 2",
        "serve --parallel 0",
        "serve --max-waiting 0",
        "serve --parallel 4097",
        "serve --idle-unload soon",
        "serve --memory lots",
        "serve --memory 0",
        "synth 2b --out x",
        "synth tiny --type Q3 --out x"
      })
  void wrongUsageIs2(String line) {
    var result = cli().stdin("hello").run(line.split(" "));
    assertEquals(2, result.exitCode(), result.err());
    assertEquals("", result.out());
    assertTrue(result.err().startsWith("solebox"), result.err());
    assertTrue(result.err().contains("Try 'solebox"), result.err());
    assertEquals(2, result.err().lines().count(), result.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run -p hello",
        "run nosuch -p hello",
        "run ./nosuch.gguf -p hello",
        "inspect .",
        "inspect /",
        "template nosuch --input x",
        "template --file nosuch.jinja --input x"
      })
  void failureIs1WithOneLine(String line) {
    var result = cli().run(line.split(" "));
    assertEquals(1, result.exitCode());
    assertEquals("", result.out());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().matches("(?s)solebox: .*\\[[a-z_]+]\n"), result.err());
  }

  @Test
  void aDamagedFileIsRefusedInOneLine() throws IOException {
    Path file = home.resolve("bad.gguf");
    Files.writeString(file, "this is no model");
    var result = cli().run("run", file.toString(), "-p", "hello");
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("bad.gguf"), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
  }

  @Test
  void namesAreFilesInTheDataFolder() throws IOException {
    Files.createDirectories(home.resolve("models"));
    Path made = Path.of(cli().synth(home, "tiny", "Q8_0"));
    Files.move(made, home.resolve("models/mine.gguf"));
    assertEquals(0, cli().run("inspect", "mine").exitCode());
    assertTrue(cli().run("inspect", "other").err().contains("Installed: mine."));
    Path folder = home.resolve("models");
    Files.move(folder.resolve("mine.gguf"), folder.resolve("Mine.GGUF"));
    assertEquals(0, cli().run("inspect", "Mine").exitCode());
    Files.writeString(folder.resolve("cut-00001-of-00002.gguf"), "");
    Files.writeString(folder.resolve("cut-00002-of-00002.gguf"), "");
    assertTrue(cli().run("inspect", "other").err().contains("Installed: Mine, cut."));
    assertTrue(cli().run("inspect", "cut").err().contains("an empty file"));
    assertTrue(cli().run("inspect", "").err().contains("The name is empty."));
  }

  @Test
  void aFolderTellsWhatIsInIt() {
    cli().synth(home, "tiny", "Q8_0");
    assertTrue(cli().run("run", home.toString(), "-p", "hi").err().contains("tiny-Q8_0.gguf"));
  }

  @Test
  void hugeContextsAreRefusedWithTheMemoryTheyTake() {
    String model = cli().synth(home, "tiny", "Q8_0");
    for (int context : new int[] {1 << 30, Integer.MAX_VALUE - 30, Integer.MAX_VALUE}) {
      for (String device : new String[] {"cpu", "reference"}) {
        var result =
            cli()
                .run(
                    "run",
                    model,
                    "-p",
                    "hi",
                    "-n",
                    "1",
                    "--device",
                    device,
                    "--context",
                    Integer.toString(context));
        assertEquals(1, result.exitCode(), result.err());
        assertTrue(result.err().contains("KV cache for " + context + " tokens"), result.err());
        assertTrue(
            result.err().matches("(?s).*Use (--context \\d+ or less|a smaller --context).*"));
      }
    }
  }

  @Test
  void cudaSaysWhyNot() {
    String model = cli().synth(home, "tiny", "Q8_0");
    var result = cli().run("run", model, "-p", "hello", "--device", "cuda");
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("[device_unavailable]"), result.err());
  }

  @Test
  void aReaderThatLeavesIsNoError() {
    assertEquals("", errorsOfStdoutThatSays("Broken pipe"));
  }

  @Test
  void aFullDiskUnderStdoutIsNamed() {
    String errors = errorsOfStdoutThatSays("No space left on device");
    assertTrue(errors.contains("No space left on device"), errors);
    assertEquals(1, errors.lines().count(), errors);
  }

  private String errorsOfStdoutThatSays(String reason) {
    var closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(reason);
          }
        };
    var errors = new ByteArrayOutputStream();
    var console = new Console(new ByteArrayInputStream(new byte[0]), closed, errors, "", false);
    String model = cli().synth(home, "tiny", "Q8_0");
    var environment = new Environment(Map.of(), home, Optional.empty());
    assertEquals(1, Main.run(console, environment, "inspect", model));
    return errors.toString(StandardCharsets.UTF_8);
  }

  @Test
  void dataFolderFollowsTheXdgRules() {
    Path user = Path.of("/home/x");
    assertEquals(
        Path.of("/home/x/.local/share/solebox"),
        new Environment(Map.of(), user, Optional.empty()).dataFolder());
    assertEquals(
        Path.of("/var/lib/solebox"),
        new Environment(Map.of(), Path.of("?"), Optional.empty()).dataFolder());
    // What the packages' user is told to do by hand must be about what the server has.
    assertEquals(
        Path.of("/var/lib/solebox"),
        new Environment(Map.of(), Path.of("/var/lib/solebox"), Optional.empty()).dataFolder());
    assertEquals(
        Path.of("/data/solebox"),
        new Environment(Map.of("XDG_DATA_HOME", "/data"), user, Optional.empty()).dataFolder());
    assertEquals(
        Path.of("/home/x/.local/share/solebox"),
        new Environment(Map.of("XDG_DATA_HOME", "rel"), user, Optional.empty()).dataFolder());
    assertEquals(
        Path.of("/own"),
        new Environment(Map.of("SOLEBOX_HOME", "/own"), user, Optional.empty()).dataFolder());
  }
}
