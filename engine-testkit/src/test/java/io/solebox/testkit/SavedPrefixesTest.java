package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.SaveOptions;
import io.solebox.engine.api.SpillOptions;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.spill.FileSeal;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is loaded again finds its prefixes, and nobody else's. */
class SavedPrefixesTest {
  private record Answer(List<Integer> ids, int cached, List<String> notes) {}

  private static Answer ask(Path gguf, Path folder, KvType type) throws InterruptedException {
    return ask(gguf, folder, type, FileSeal.NONE);
  }

  private static Answer ask(Path gguf, Path folder, KvType type, FileSeal seal)
      throws InterruptedException {
    var spill =
        new SpillOptions(0, Optional.empty(), Optional.of(new SaveOptions(folder, 1 << 24, seal)));
    LoadOptions options = Models.options().withKvType(type).withSpill(spill);
    try (Engine engine = Engine.open("reference", 1);
        var model = engine.load(gguf, options, Progress.none())) {
      int[] prompt = IntStream.range(0, 100).map(i -> 1 + i * 7 % 50).toArray();
      var params =
          SamplingParams.builder().maxTokens(5).temperature(0).ignoreEndOfGeneration(true).build();
      var ids = new ArrayList<Integer>();
      try (Generation generation = model.submit(prompt, params)) {
        while (true) {
          switch (generation.next()) {
            case Generation.Queued _, Generation.Prefilling _ -> {}
            case Generation.Token token -> ids.add(token.id());
            case Generation.End end -> {
              return new Answer(ids, end.usage().cachedTokens(), model.notes());
            }
            case Generation.Failed failed -> throw failed.error();
          }
        }
      }
    }
  }

  /** Turns every bit around, and begins with a byte of its own. */
  private record Turned(String mark) implements FileSeal {
    @Override
    public String secret() {
      return "secret of " + mark;
    }

    @Override
    public long sealedBytes(long bytes) {
      return bytes + 1;
    }

    @Override
    public long openBytes(long sealed) {
      return sealed - 1;
    }

    @Override
    public OutputStream write(Path file, String name) throws IOException {
      OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
      out.write(7);
      return new FilterOutputStream(out) {
        @Override
        public void write(int b) throws IOException {
          out.write(~b);
        }
      };
    }

    @Override
    public InputStream read(Path file, String name) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      byte[] open = new byte[bytes.length - 1];
      for (int i = 0; i < open.length; i++) {
        open[i] = (byte) ~bytes[i + 1];
      }
      return new ByteArrayInputStream(open);
    }
  }

  private static boolean removes(Answer answer) {
    return answer.notes().stream().anyMatch(note -> note.contains("were removed"));
  }

  @Test
  void theSameModelUnderTheSameConditionsFindsThem(@TempDir Path scratch)
      throws InterruptedException, IOException {
    Path gguf = ReferenceModel.bundled("qwen3", scratch).gguf();
    Path folder = scratch.resolve("saved");
    FileSeal seal = new Turned("a");
    Answer first = ask(gguf, folder, KvType.F16, seal);
    assertEquals(0, first.cached());
    Answer again = ask(gguf, folder, KvType.F16, seal);
    assertArrayEquals(first.ids().toArray(), again.ids().toArray());
    assertEquals(96, again.cached());
    assertTrue(!removes(again), again.notes().toString());

    Answer otherKey = ask(gguf, folder, KvType.F16, new Turned("b"));
    assertEquals(0, otherKey.cached());
    assertTrue(removes(otherKey), otherKey.notes().toString());

    Answer otherType = ask(gguf, folder, KvType.F32);
    assertEquals(0, otherType.cached());
    assertTrue(removes(otherType), otherType.notes().toString());

    Files.setLastModifiedTime(gguf, FileTime.from(Instant.now().minusSeconds(1000)));
    Answer otherFile = ask(gguf, folder, KvType.F32);
    assertEquals(0, otherFile.cached());
    assertTrue(removes(otherFile), otherFile.notes().toString());
  }
}
