package io.solebox.server.documents;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.documents.ReaderFrames.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One document on its way through the reader's program: the calling thread gives it the content, as
 * content may belong to it, and another one hears what the program says, as nothing ends that
 * waiting but the end of the program.
 */
final class Reading {
  /** What the JVM exits with where its heap is full, by its own option. */
  private static final int OUT_OF_MEMORY = 3;

  private static final int PIECE = 1 << 16;
  private static final int MOST_NOTES = 100;
  private static final String SAVE_AGAIN =
      "Open and save it with the program that made it, or bring it as PDF or text.";

  private final String name;
  private final DocumentLimits limits;
  private final ReaderChild child;
  private final Watch watch;
  private final SectionList sections;
  private final List<String> notes = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private Place place = Place.WHOLE;

  /** Of {@link System#nanoTime}, when it takes too long. */
  private volatile long end;

  /**
   * @param child is ready for it
   */
  Reading(String name, DocumentLimits limits, ReaderChild child) {
    this.name = name;
    this.limits = limits;
    this.child = child;
    this.watch = new Watch(child::end);
    this.sections = new SectionList(name, limits);
  }

  /**
   * Once.
   *
   * @throws SoleboxException {@code BAD_DOCUMENT} or {@code IO_ERROR}; then, and where the thread
   *     is interrupted, the program is in the midst of something and of no use any more
   */
  ReaderAnswer read(InputStream content) throws InterruptedException {
    var heard = new FutureTask<>(this::hear);
    try (watch) {
      Thread.ofVirtual().name("reader-answer").start(heard);
      feed(content);
      return heard.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SoleboxException known ? known : brokenOff(e.getCause());
    }
  }

  private void feed(InputStream content) {
    long fed = 0;
    while (true) {
      byte[] piece = next(content);
      fed += piece.length;
      if (fed > limits.bytes()) {
        throw BadDocument.tooManyBytes(name, limits.bytes());
      }
      watch.within(limits.silence());
      try {
        if (piece.length == 0) {
          end = System.nanoTime() + limits.time().toNanos();
          child.frames().end();
          return;
        }
        child.frames().bytes(piece);
      } catch (IOException e) {
        return; // why it takes no more, the one who listens to it finds out
      }
      watch.rest();
    }
  }

  private byte[] next(InputStream content) {
    try {
      return content.readNBytes(PIECE);
    } catch (IOException e) {
      throw BadDocument.unreadable(name, e);
    }
  }

  /** Until its end, whichever that is. */
  private ReaderAnswer hear() throws IOException {
    Optional<DocumentType> type = Optional.empty();
    while (true) {
      switch (child.frames().read()) {
        case Frame.Type(String found) -> type = DocumentType.ofWire(found);
        case Frame.Begin(Place next) -> {
          endSection();
          place = next;
        }
        case Frame.Text(String piece) -> {
          text.append(piece);
          if (text.length() > limits.characters()) {
            throw BadDocument.tooMuchText(name, limits.characters());
          }
        }
        case Frame.Note(String note) -> addNote(note);
        case Frame.Refused(String message, String remedy) -> {
          return new ReaderAnswer.Refused(message, remedy);
        }
        case Frame.End() -> {
          endSection();
          disagreement(type).ifPresent(notes::addFirst);
          return new ReaderAnswer.Read(new DocumentText(sections.all(), notes));
        }
        case Frame.Ready() -> throw new IOException("it is ready in the midst of a document");
      }
      long left = end - System.nanoTime();
      watch.within(Duration.ofNanos(Math.min(left, limits.silence().toNanos())));
    }
  }

  private Optional<String> disagreement(Optional<DocumentType> found) {
    Optional<DocumentType> called = DocumentType.ofName(name);
    return called.isPresent() && found.isPresent() && !called.equals(found)
        ? Optional.of(DocumentType.disagreement(called.get(), found.get()))
        : Optional.empty();
  }

  private void endSection() {
    sections.add(place, text.toString());
    text.setLength(0);
  }

  private void addNote(String note) {
    if (notes.size() == MOST_NOTES) {
      notes.add("There is more to say of it, but it is too much.");
    } else if (notes.size() < MOST_NOTES) {
      notes.add(note);
    }
  }

  /** Says why the program ended, or what it did instead. */
  private SoleboxException brokenOff(Throwable cause) throws InterruptedException {
    if (watch.isLate()) {
      return BadDocument.of(
          name,
          "Reading it takes longer than %s, or nothing of it was read for %s."
              .formatted(shown(limits.time()), shown(limits.silence())),
          "Cut it into smaller ones. " + SAVE_AGAIN);
    }
    if (!(cause instanceof EOFException)) {
      child.end();
    }
    OptionalInt code = child.exitCode();
    if (code.equals(OptionalInt.of(OUT_OF_MEMORY))) {
      return BadDocument.of(
          name,
          "Reading it takes more than %d MiB of memory.".formatted(limits.memory() >> 20),
          "Cut it into smaller ones. " + SAVE_AGAIN);
    }
    String how =
        cause instanceof EOFException && code.isPresent()
            ? "it ended with " + code.getAsInt()
            : cause.getMessage();
    return BadDocument.of(
        name, "Its reader broke off in the midst of it: " + how + ".", SAVE_AGAIN);
  }

  private static String shown(Duration time) {
    return time.toMinutes() > 1 ? time.toMinutes() + " minutes" : time.toSeconds() + " seconds";
  }
}
