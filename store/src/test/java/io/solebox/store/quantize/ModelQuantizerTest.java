package io.solebox.store.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files: whole or not there, gone on with, and nothing believed that is not so. */
class ModelQuantizerTest {
  private static final int TENSORS = 6;

  @TempDir Path folder;

  /** Stops when so many reports came, as somebody does who has seen enough. */
  private record Impatient(int[] left) implements Progress {
    @Override
    public void report(String stage, double fraction) {}

    @Override
    public boolean cancelled() {
      return left[0]-- <= 0;
    }
  }

  private static SyntheticModel model() {
    var tensors = new ArrayList<TensorInfo>();
    for (int i = 0; i < TENSORS; i++) {
      tensors.add(
          SyntheticModel.info(
              "blk." + i + ".attn_q.weight", TensorType.F16, List.of((Object) 256L, 1500L)));
    }
    return new SyntheticModel("m", 1, SyntheticModel.llama("m", TENSORS, 4, 2, 0), tensors);
  }

  private static QuantizeJob job(ModelSource source, Mix mix) {
    return QuantizeJob.of(source, List.of(), QuantizeOptions.of(mix), Optional.empty());
  }

  private Path out() {
    return folder.resolve("out.gguf");
  }

  private Path part() {
    return folder.resolve("out.gguf.part");
  }

  private Path journal() {
    return folder.resolve("out.gguf.part.journal");
  }

  private byte[] whole(QuantizeJob job) throws IOException {
    Path file = folder.resolve("whole.gguf");
    ModelQuantizer.run(job, file, 2, Progress.none());
    return Files.readAllBytes(file);
  }

  /** What is left after a try that ended when all but the name was there. */
  private void leaveEverything(QuantizeJob job) throws IOException {
    var layout = job.layout();
    var entries = new ArrayList<Journal.Entry>();
    try (var file = PartialFile.open(out(), job.identity(layout), job.plan(), layout)) {
      new ChunkCrew(job, file, layout, 1).run(Progress.none());
      var worker = new ChunkWorker(job, new PlainSearches());
      for (int i = 0; i < TENSORS; i++) {
        Written sum = Written.NOTHING;
        var sums = new ArrayList<Integer>();
        for (Chunk chunk : Chunk.of(i, job.plan().tensors().get(i))) {
          sum = sum.plus(worker.run(chunk));
          var crc = new CRC32C();
          crc.update(worker.bytes(), 0, worker.byteCount());
          sums.add((int) crc.getValue());
        }
        entries.add(new Journal.Entry(i, sum, sums));
      }
      file.commit(entries);
    }
  }

  @Test
  void threadsMakeOneFile() throws IOException {
    QuantizeJob job = job(model(), Mix.Q4_0);
    byte[] two = whole(job);
    ModelQuantizer.run(job, out(), 1, Progress.none());
    assertArrayEquals(two, Files.readAllBytes(out()));
    assertFalse(Files.exists(part()));
    assertFalse(Files.exists(journal()));
  }

  @Test
  void aTryThatWasStoppedLeavesNoFileAndIsGoneOnWith() throws IOException {
    QuantizeJob job = job(model(), Mix.Q4_0);
    var stopped =
        assertThrows(
            SoleboxException.class,
            () -> ModelQuantizer.run(job, out(), 1, new Impatient(new int[] {0})));
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    assertFalse(Files.exists(out()));
    assertTrue(Files.exists(journal()));
    ModelQuantizer.run(job, out(), 2, Progress.none());
    assertArrayEquals(whole(job), Files.readAllBytes(out()));
  }

  @Test
  void whatIsWholeIsNotMadeAgain() throws IOException {
    QuantizeJob job = job(model(), Mix.Q4_0);
    leaveEverything(job);
    QuantizeReport report = ModelQuantizer.run(job, out(), 1, Progress.none());
    assertEquals(TENSORS, report.resumed());
    assertTrue(report.worst().isPresent());
    assertArrayEquals(whole(job), Files.readAllBytes(out()));
  }

  @Test
  void bytesThatChangedAreMadeAgain() throws IOException {
    QuantizeJob job = job(model(), Mix.Q4_0);
    leaveEverything(job);
    try (var file = new RandomAccessFile(part().toFile(), "rw")) {
      file.seek(job.layout().offsets().get(2) + 17);
      file.write(99);
      file.seek(job.layout().offsets().get(4));
      file.write(new byte[300]);
    }
    QuantizeReport report = ModelQuantizer.run(job, out(), 1, Progress.none());
    assertEquals(TENSORS - 2, report.resumed());
    assertArrayEquals(whole(job), Files.readAllBytes(out()));
  }

  @Test
  void aJournalThatWasCutCountsAsFarAsItGoes() throws IOException {
    QuantizeJob job = job(model(), Mix.Q4_0);
    leaveEverything(job);
    byte[] lines = Files.readAllBytes(journal());
    Files.write(journal(), Arrays.copyOf(lines, lines.length - 3));
    QuantizeReport report = ModelQuantizer.run(job, out(), 1, Progress.none());
    assertEquals(TENSORS - 1, report.resumed());
    assertArrayEquals(whole(job), Files.readAllBytes(out()));
  }

  @Test
  void aTryWithOtherOptionsBeginsAnew() throws IOException {
    leaveEverything(job(model(), Mix.Q4_0));
    QuantizeJob other = job(model(), Mix.Q8_0);
    QuantizeReport report = ModelQuantizer.run(other, out(), 1, Progress.none());
    assertEquals(0, report.resumed());
    assertArrayEquals(whole(other), Files.readAllBytes(out()));
  }

  @Test
  void oneAtATimeMakesAFile() throws IOException {
    QuantizeJob job = job(model(), Mix.Q4_0);
    var layout = job.layout();
    try (var _ = PartialFile.open(out(), job.identity(layout), job.plan(), layout)) {
      var second =
          assertThrows(
              SoleboxException.class, () -> ModelQuantizer.run(job, out(), 1, Progress.none()));
      assertEquals(ErrorCode.IN_USE, second.code());
    }
  }

  @Test
  void aWeightThatIsNoNumberIsNamed() {
    SyntheticModel model = model();
    TensorInfo third = model.tensors().get(3);
    MemorySegment bytes = model.data(third);
    bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * (256 * 1200 + 5), (short) 0x7c00);
    var refused =
        assertThrows(
            SoleboxException.class,
            () -> ModelQuantizer.run(job(model, Mix.Q4_0), out(), 2, Progress.none()));
    assertEquals(ErrorCode.BAD_MODEL_FILE, refused.code());
    assertTrue(refused.place().contains("blk.3.attn_q.weight"), refused.place());
    assertTrue(
        refused.getMessage().contains("weight 5 of row 1200 is Infinity"), refused.getMessage());
    assertFalse(Files.exists(out()));
    assertFalse(Files.exists(part()));
  }

  @Test
  void importanceThatIsNoNumberIsNamed() {
    var entry = new ImportanceMatrix.Entry(new float[] {1, Float.NaN}, new float[] {1});
    var refused =
        assertThrows(
            SoleboxException.class,
            () ->
                new ImportanceMatrix(
                    "i.gguf",
                    List.of(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Map.of("blk.0.attn_q.weight", entry)));
    assertTrue(refused.describe().contains("blk.0.attn_q.weight: importance 1 of 2 is NaN"));
  }

  @Test
  void importanceOfAnotherModelIsRefused() {
    var entry = new ImportanceMatrix.Entry(new float[128], new float[] {1});
    var matrix =
        new ImportanceMatrix(
            "i.gguf",
            List.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Map.of("blk.0.attn_q.weight", entry));
    var refused =
        assertThrows(
            SoleboxException.class,
            () ->
                QuantizeJob.of(
                    model(), List.of(), QuantizeOptions.of(Mix.Q4_0), Optional.of(matrix)));
    assertTrue(
        refused.getMessage().contains("128 values for a matrix of 256"), refused.getMessage());
  }

  @Test
  void theResultIsAModel() {
    ModelQuantizer.run(job(model(), Mix.Q6_K), out(), 1, Progress.none());
    try (var source = GgufSource.open(out(), ModelSource.Access.MAPPED)) {
      assertEquals(TENSORS, source.tensors().size());
      assertEquals(18, source.metadata().intValue("general.file_type"));
    }
  }
}
