package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.GgufWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code inspect} says of files that can run, that cannot, and that are none. */
class InspectTest {
  @TempDir Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  /** The tiny model with what {@code writer} has put first. */
  private Path with(GgufWriter writer) {
    Path tiny = Path.of(cli().synth(home, "tiny", "Q8_0"));
    Path changed = home.resolve("changed.gguf");
    try (ModelSource source = ModelSources.open(tiny, ModelSource.Access.MAPPED)) {
      source
          .metadata()
          .keys()
          .forEach(key -> writer.put(key, source.metadata().find(key).orElseThrow()));
      for (var tensor : source.tensors()) {
        writer.tensor(
            tensor.name(),
            tensor.type(),
            tensor.shape(),
            GgufWriter.TensorData.of(source.data(tensor)));
      }
      writer.write(changed);
    }
    return changed;
  }

  @Test
  void aFileThatRunsSaysSo() {
    var result = cli().run("inspect", with(new GgufWriter()).toString(), "--json");
    assertEquals(0, result.exitCode(), result.err());
    var fields = result.object();
    assertEquals(true, fields.get("can_run"));
    assertEquals("model", fields.get("kind"));
    assertEquals(1L, fields.get("files"));
    assertFalse(fields.containsKey("reason"));
  }

  @Test
  void whatCannotRunIsShownWithTheReason() {
    Path path = with(new GgufWriter().put("llama.attn_logit_softcapping", 30f));
    var result = cli().run("inspect", path.toString(), "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(false, result.object().get("can_run"));
    assertTrue(result.object().get("reason").toString().contains("attn_logit_softcapping = 30.0"));
    assertTrue(CliRunner.asObject(result.object().get("metadata")).size() > 10);
    var run = cli().run("run", path.toString(), "-p", "hi", "-n", "1");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("attn_logit_softcapping"), run.err());
  }

  @Test
  void projectorsAndCutFilesAreShownToo() throws IOException {
    Path projector = home.resolve("mmproj.gguf");
    new GgufWriter()
        .put("general.architecture", "clip")
        .put("clip.vision.image_size", 336)
        .write(projector);
    var result = cli().run("inspect", projector.toString());
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("kind: projector"), result.out());
    assertTrue(result.out().contains("can_run: false"), result.out());
    assertTrue(result.out().contains("clip.vision.image_size: 336"), result.out());
    Path cut = with(new GgufWriter());
    try (var channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(cut) - 1000);
    }
    var ofCut = cli().run("inspect", cut.toString());
    assertEquals(0, ofCut.exitCode(), ofCut.err());
    assertTrue(ofCut.out().contains("the file is cut short"), ofCut.out());
    assertTrue(ofCut.out().contains("llama.block_count"), ofCut.out());
  }

  @Test
  void whatIsNoModelFileFailsInOneLineThatSaysWhatItIs() throws IOException {
    Path page = Files.writeString(home.resolve("page.gguf"), "<!doctype html><title>Hi</title>");
    var result = cli().run("inspect", page.toString());
    assertEquals(1, result.exitCode());
    assertEquals("", result.out());
    assertEquals(1, result.err().lines().count());
    assertTrue(result.err().contains("a web page with the title 'Hi'"), result.err());
  }

  @Test
  void nothingOfAFileCommandsTheTerminal() throws IOException {
    GgufWriter writer =
        new GgufWriter()
            .put("general.\u001b[2Jname", "\u001b]0;owned\u0007\r\u009b31m")
            .put("general.architecture\u0085", "x\u007f");
    Path path = with(writer);
    for (var result :
        List.of(
            cli().run("inspect", path.toString()),
            cli().run("inspect", path.toString(), "--json"))) {
      assertEquals(0, result.exitCode(), result.err());
      String shown = result.out().replace("\n", "");
      assertTrue(shown.chars().noneMatch(Character::isISOControl), shown);
    }
    Path odd = Files.move(path, home.resolve("e\u001b[31m.gguf"));
    var refused = cli().run("inspect", odd + "x");
    assertTrue(refused.err().chars().noneMatch(c -> c == 0x1b), refused.err());
  }

  @Test
  void largeNumbersAreShownAsTheyAre() {
    GgufWriter writer = new GgufWriter().put("big", new MetadataValue.Whole(ValueType.U64, -1));
    var result = cli().run("inspect", with(writer).toString());
    assertTrue(result.out().contains("big: 18446744073709551615"), result.out());
  }
}
