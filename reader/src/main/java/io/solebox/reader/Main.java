package io.solebox.reader;

import io.solebox.reader.Frames.Frame;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads documents, one after the other, until whoever started it is gone or has nothing more to be
 * read for a while. A thread of its own listens, so that the end of its starter is its own end in
 * the midst of a document, too.
 */
public final class Main {
  /** Exit code where nobody listens any more. */
  static final int ABANDONED = 4;

  private record Document(String name, byte[] content) {}

  private final Frames frames;
  private final FrameSink sink;
  private final SynchronousQueue<Document> waiting = new SynchronousQueue<>();

  /** Whether a document is on its way; while it is, nobody ends for want of one. */
  private final AtomicBoolean coming = new AtomicBoolean();

  private Main(Frames frames) {
    this.frames = frames;
    this.sink = new FrameSink(frames);
  }

  /**
   * Ends with 0 after having nothing to do.
   *
   * @param arguments bytes of a file, characters of a text, seconds without a document
   */
  public static void main(String[] arguments) throws InterruptedException {
    int bytes = Integer.parseInt(arguments[0]);
    long characters = Long.parseLong(arguments[1]);
    long seconds = Long.parseLong(arguments[2]);
    var in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
    var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    // Whatever a library says may not be taken for an answer.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    var main = new Main(new Frames(in, out));
    Thread.ofPlatform().daemon().name("listener").start(() -> main.listen(bytes));
    while (main.readOne(characters, seconds)) {
      // the next
    }
    Runtime.getRuntime().halt(0);
  }

  private void listen(int most) {
    try {
      while (true) {
        Frame head = frames.read();
        if (head.kind() != Frames.DOCUMENT) {
          throw new IOException("a frame " + head.kind());
        }
        if (coming.getAndSet(true)) {
          throw new IOException("a document before the end of another");
        }
        sink.ready();
        String name = new String(head.content(), StandardCharsets.UTF_8);
        waiting.put(new Document(name, content(most)));
      }
    } catch (IOException | InterruptedException e) {
      Runtime.getRuntime().halt(ABANDONED);
    }
  }

  private byte[] content(int most) throws IOException {
    var content = new ByteArrayOutputStream();
    for (Frame frame = frames.read(); frame.kind() == Frames.BYTES; frame = frames.read()) {
      if (content.size() + frame.content().length > most) {
        throw new IOException("more than was agreed on");
      }
      content.writeBytes(frame.content());
    }
    return content.toByteArray();
  }

  /** Whether there was one, or is one on its way. */
  private boolean readOne(long characters, long seconds) throws InterruptedException {
    Optional<Document> next = Optional.ofNullable(waiting.poll(seconds, TimeUnit.SECONDS));
    if (next.isEmpty()) {
      // Set for good where nothing comes: then the listener answers nobody any more.
      return coming.getAndSet(true);
    }
    try {
      Formats.read(next.get().name(), next.get().content(), sink, characters);
      coming.set(false);
      sink.end();
    } catch (Refusal refusal) {
      coming.set(false);
      sink.refused(refusal);
    }
    return true;
  }
}
