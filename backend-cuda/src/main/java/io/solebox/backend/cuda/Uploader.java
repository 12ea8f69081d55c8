package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings weights to the device. Several threads read the file and sort it into pinned buffers while
 * the copies of other buffers are under way, each on a stream of its own.
 */
final class Uploader {
  private static final String STAGE = "uploading weights";

  /** Enough to read a file as fast as a PCIe 4.0 link takes it. */
  private static final int MAX_THREADS = 4;

  /** A small part of what a buffer takes on its way. */
  private static final long POLL_NANOS = 50_000;

  private final CudaThread gpu;
  private final Progress progress;
  private final long totalBytes;
  private long doneBytes;

  private Uploader(CudaThread gpu, Progress progress, long totalBytes) {
    this.gpu = gpu;
    this.progress = progress;
    this.totalBytes = Math.max(1, totalBytes);
  }

  /**
   * @throws SoleboxException {@code CANCELLED}, soon after {@code progress} says so
   */
  static void upload(CudaThread gpu, List<Upload> uploads, Progress progress) {
    long total = uploads.stream().mapToLong(Upload::bytes).sum();
    var uploader = new Uploader(gpu, progress, total);
    uploader.step(0);
    uploader.run(uploads);
    progress.report(STAGE, 1);
  }

  private void run(List<Upload> uploads) {
    long bufferBytes = uploads.stream().mapToLong(Upload::stagingBytes).max().orElse(1);
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
    int buffers = Math.min(2 * threads, Math.max(1, uploads.size()));
    var staging = new ArrayList<Staging>();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("cuda-upload-", 0).factory())) {
      for (int i = 0; i < buffers; i++) {
        staging.add(gpu.call(() -> new Staging(gpu, bufferBytes)));
      }
      for (int i = 0; i < uploads.size(); i++) {
        Staging buffer = staging.get(i % buffers);
        finish(buffer);
        buffer.begin(uploads.get(i), workers);
      }
      staging.forEach(this::finish);
    } finally {
      // The workers are done by now: closing their pool waits for them.
      staging.forEach(Staging::close);
    }
  }

  private void finish(Staging buffer) {
    step(buffer.await());
  }

  private void step(long bytes) {
    if (progress.cancelled()) {
      throw new SoleboxException(ErrorCode.CANCELLED, "", "Loading was stopped.", "Load it again.");
    }
    doneBytes += bytes;
    progress.report(STAGE, Math.min(1, (double) doneBytes / totalBytes));
  }

  /** A pinned buffer, its stream, and what is under way in it. */
  private static final class Staging implements AutoCloseable {
    private final CudaThread gpu;
    private final PinnedMemory memory;
    private final Stream stream;
    private Optional<Future<Long>> pending = Optional.empty();

    Staging(CudaThread gpu, long bytes) {
      this.gpu = gpu;
      this.memory = PinnedMemory.allocate(gpu, bytes);
      this.stream = Stream.create(gpu);
    }

    void begin(Upload upload, ExecutorService workers) {
      pending = Optional.of(workers.submit(() -> fillAndSend(upload)));
    }

    private long fillAndSend(Upload upload) {
      MemorySegment data = upload.data().get();
      var filled = new ArrayList<MemorySegment>();
      long at = 0;
      for (Upload.Target target : upload.targets()) {
        MemorySegment part = memory.segment().asSlice(at, target.bytes());
        target.fill().accept(data, part);
        filled.add(part);
        at += Places.align(target.bytes());
      }
      gpu.run(
          () -> {
            for (int i = 0; i < filled.size(); i++) {
              stream.upload(filled.get(i), upload.targets().get(i).address());
            }
          });
      return upload.bytes();
    }

    /** Waits until the device has it all; the bytes that it took. */
    long await() {
      if (pending.isEmpty()) {
        return 0;
      }
      try {
        long bytes = pending.get().get();
        pending = Optional.empty();
        // The GPU's thread must not sleep for this buffer while others have copies to queue.
        while (!gpu.call(stream::isDone)) {
          LockSupport.parkNanos(POLL_NANOS);
        }
        return bytes;
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case RuntimeException cause -> throw cause;
          case Error cause -> throw cause;
          default -> throw new IllegalStateException(e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SoleboxException(
            ErrorCode.CANCELLED, "", "Loading was stopped.", "Load it again.", e);
      }
    }

    /** Waits for copies that a failure elsewhere has left under way. */
    @Override
    public void close() {
      gpu.run(
          () -> {
            try (memory;
                stream) {
              if (!gpu.lost()) {
                stream.synchronize();
              }
            }
          });
    }
  }
}
