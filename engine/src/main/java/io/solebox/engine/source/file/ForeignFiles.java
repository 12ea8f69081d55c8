package io.solebox.engine.source.file;

import io.solebox.engine.error.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Recognises by their first bytes the files that people take for models, so that a refusal can say
 * what it met and what helps.
 */
final class ForeignFiles {
  private static final String USE_GGUF =
      "Use a GGUF file of the same model, or a folder with it in safetensors.";
  private static final String GET_FILE =
      "Download the file itself. On Hugging Face its address has /resolve/ in it, not /blob/, and"
          + " some models are given only to those who are logged in.";
  private static final String UNPACK = "Unpack it, and give the .gguf file that is in it.";

  /** Bytes at a fixed place, as Latin-1. */
  private record Signature(int offset, String bytes, Foreign file) {}

  private static final List<Signature> SIGNATURES =
      List.of(
          old("lmgg", "GGML"),
          old("fmgg", "GGMF"),
          old("tjgg", "GGJT"),
          new Signature(
              0,
              "algg",
              Foreign.other(
                  "an adapter (LoRA) in the format GGLA of before GGUF",
                  "Use a model that has it merged in, as GGUF.")),
          new Signature(0, "nsgg", session()),
          new Signature(0, "qsgg", session()),
          new Signature(0, "FUGG", bigEndian()),
          new Signature(0, "\u0080\u0002", pickle()),
          new Signature(0, "\u0080\u0003", pickle()),
          new Signature(0, "\u0080\u0004", pickle()),
          new Signature(0, "\u0080\u0005", pickle()),
          model("\u0089HDF\r\n\u001a\n", "an HDF5 file, as Keras keeps models in"),
          model("\u0093NUMPY", "a NumPy array"),
          new Signature(4, "TFL3", Foreign.other("a model for TensorFlow Lite", USE_GGUF)),
          packed("\u001f\u008b", "a file packed with gzip"),
          packed("BZh", "a file packed with bzip2"),
          packed("\u00fd7zXZ\0", "a file packed with xz"),
          packed("(\u00b5/\u00fd", "a file packed with zstd"),
          packed("\u0004\"M\u0018", "a file packed with lz4"),
          packed("7z\u00bc\u00af'\u001c", "a 7-Zip archive"),
          packed("Rar!\u001a\u0007", "a RAR archive"),
          new Signature(257, "ustar", Foreign.wrong("a tar archive", UNPACK)),
          new Signature(
              0,
              "MZqFpD",
              Foreign.other(
                  "a llamafile, a program with a model inside",
                  "Take the .gguf file out of it with unzip, or use one of the same model.")),
          new Signature(0, "\u007fELF", program()),
          new Signature(0, "MZ", program()),
          document("%PDF", "a PDF document"),
          document("\u0089PNG", "a picture"),
          document("\u00ff\u00d8\u00ff", "a picture"));

  /** Asked in this order. */
  private static final List<Function<Head, Optional<Foreign>>> OTHERS =
      List.of(
          ForeignFiles::nothing,
          ForeignFiles::pointer,
          ForeignFiles::safetensors,
          ForeignFiles::zip,
          ForeignFiles::importanceMatrix,
          ForeignFiles::onnx,
          ForeignFiles::sentencePiece,
          ForeignFiles::markup,
          ForeignFiles::json,
          ForeignFiles::text);

  private ForeignFiles() {}

  /** Empty for a file that begins as GGUF does. */
  static Optional<Foreign> recognise(Head head) {
    if (head.startsWith("GGUF")) {
      return Optional.empty();
    }
    Stream<Foreign> signed =
        SIGNATURES.stream().filter(s -> head.has(s.offset(), s.bytes())).map(Signature::file);
    Stream<Foreign> others =
        OTHERS.stream().map(other -> other.apply(head)).flatMap(Optional::stream);
    Foreign unknown =
        Foreign.wrong(
            "not a GGUF file (it does not begin with the letters GGUF)",
            "Give the path of a .gguf file.");
    return Optional.of(Stream.concat(signed, others).findFirst().orElse(unknown));
  }

  private static Signature old(String magic, String format) {
    return new Signature(
        0,
        magic,
        Foreign.other(
            "a model in the format " + format + ", which came before GGUF (August 2023)",
            "Use a GGUF file of the same model."));
  }

  private static Signature model(String magic, String what) {
    return new Signature(0, magic, Foreign.other(what, USE_GGUF));
  }

  private static Signature packed(String magic, String what) {
    return new Signature(0, magic, Foreign.wrong(what, UNPACK));
  }

  private static Signature document(String magic, String what) {
    return new Signature(0, magic, Foreign.wrong(what, GET_FILE));
  }

  private static Foreign session() {
    return Foreign.wrong(
        "a saved state of llama.cpp, which belongs to a model and is none", "Give the model.");
  }

  private static Foreign bigEndian() {
    return Foreign.other(
        "a big-endian GGUF file, for another kind of processor",
        "Use the little-endian file of the same model.");
  }

  private static Foreign pickle() {
    return Foreign.other(
        "a PyTorch file (pickle), which can run programs and is never opened here", USE_GGUF);
  }

  private static Foreign program() {
    return Foreign.wrong("a program", "Give the path of a .gguf file.");
  }

  private static Optional<Foreign> nothing(Head head) {
    if (head.fileBytes() == 0) {
      return Optional.of(
          Foreign.wrong(
              "an empty file", "Download the file again; look whether the disk is full."));
    }
    return head.isAllZero()
        ? Optional.of(
            Foreign.wrong(
                "a file that begins with zeros, as after a download that reserved its space and"
                    + " broke off",
                "Download the file again, or let the download program end it."))
        : Optional.empty();
  }

  private static Optional<Foreign> pointer(Head head) {
    if (head.startsWith("version https://git-lfs.github.com/spec/")
        || head.startsWith("# xet version")) {
      Matcher size =
          Pattern.compile("(?m)^(?:size|filesize\\s*=)\\s*(\\d{1,18})").matcher(head.text());
      String stands =
          size.find()
              ? String.format(Locale.ROOT, " of %,d bytes", Long.parseLong(size.group(1)))
              : "";
      return Optional.of(
          Foreign.wrong(
              "a pointer of Git LFS: a text that stands for the file%s, which was not downloaded"
                  .formatted(stands),
              "Run `git lfs install` and `git lfs pull` in the folder that was cloned, or download"
                  + " the file itself."));
    }
    return head.text().contains("/annex/objects/") && head.isText()
        ? Optional.of(
            Foreign.wrong(
                "a pointer of git-annex: the file itself was not downloaded",
                "Run `git annex get` in the folder that was cloned."))
        : Optional.empty();
  }

  private static final Foreign SAFETENSORS =
      Foreign.wrong(
          "a safetensors file, and its name does not say so",
          "Give it the ending .safetensors, and put it beside its config.json.");

  private static Optional<Foreign> safetensors(Head head) {
    long length = head.longAt(0);
    return length >= 2 && length <= 100L << 20 && head.has(8, "{")
        ? Optional.of(SAFETENSORS)
        : Optional.empty();
  }

  static boolean isSafetensors(Head head) {
    return safetensors(head).isPresent();
  }

  /** The first file's name stands at 30, its length at 26 (PKWARE: APPNOTE.TXT, 4.3.7). */
  private static Optional<Foreign> zip(Head head) {
    if (!head.startsWith("PK\u0003\u0004")) {
      return head.startsWith("PK\u0005\u0006")
          ? Optional.of(Foreign.wrong("an empty ZIP archive", UNPACK))
          : Optional.empty();
    }
    String first = head.latin1(30, head.intAt(26) & 0xffff);
    if (first.endsWith("/data.pkl") || first.endsWith("/version") || first.endsWith(".pkl")) {
      return Optional.of(pickle());
    }
    return Optional.of(
        first.endsWith(".npy")
            ? Foreign.other("an archive of NumPy arrays", USE_GGUF)
            : Foreign.wrong(
                "a ZIP archive (its first file is " + Printable.name(first) + ")", UNPACK));
  }

  /** A count, then for each the length of a tensor's name and the name (llama.cpp, until 2025). */
  private static Optional<Foreign> importanceMatrix(Head head) {
    int count = head.intAt(0);
    int length = head.intAt(4);
    if (count < 1 || count > 1 << 20 || length < 1 || length > 256) {
      return Optional.empty();
    }
    String name = head.latin1(8, length);
    return name.matches("(blk\\.\\d+\\.|output|token_embd)[\\w.]*")
        ? Optional.of(
            Foreign.wrong(
                "an importance matrix (imatrix), which helps to quantize a model, and no model",
                "Give the model that it was made for."))
        : Optional.empty();
  }

  /** A protocol buffer: the version of the format, then the producer's name. */
  private static Optional<Foreign> onnx(Head head) {
    return head.startsWith("\b") && head.has(2, "\u0012") && head.bytes()[1] > 0
        ? Optional.of(Foreign.other("a model in the format ONNX", USE_GGUF))
        : Optional.empty();
  }

  private static Optional<Foreign> sentencePiece(Head head) {
    return head.startsWith("\n") && head.latin1(0, 64).contains("<unk>")
        ? Optional.of(
            Foreign.wrong(
                "the vocabulary of a model (SentencePiece) and not the model",
                "Give the .gguf file; it has the vocabulary inside."))
        : Optional.empty();
  }

  private static Optional<Foreign> markup(Head head) {
    String text = head.text();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<?xml") && !lower.contains("<html")) {
      return Optional.of(
          Foreign.wrong("an answer in XML, perhaps a server's error, and not the file", GET_FILE));
    }
    if (!lower.startsWith("<!doctype html")
        && !lower.startsWith("<html")
        && !lower.contains("<head>")) {
      return Optional.empty();
    }
    Matcher title = Pattern.compile("(?is)<title[^>]*>\\s*(.{1,100}?)\\s*</title>").matcher(text);
    String named = title.find() ? " with the title '" + title.group(1) + "'" : "";
    return Optional.of(Foreign.wrong("a web page" + named + " and not the file", GET_FILE));
  }

  private static Optional<Foreign> json(Head head) {
    String text = head.text();
    if (!head.isText() || !(text.startsWith("{") || text.startsWith("["))) {
      return Optional.empty();
    }
    if (text.contains("\"weight_map\"")
        || text.contains("\"model_type\"")
        || text.contains("\"architectures\"")) {
      return Optional.of(
          Foreign.wrong(
              "a part of a model's folder from Hugging Face, in JSON",
              "Name the folder, with the weights in safetensors in it."));
    }
    if (text.contains("\"mediaType\"")) {
      return Optional.of(
          Foreign.other(
              "a manifest of Ollama or of a registry, which only names the model's file",
              "Give the file that its layer \"model\" names; in Ollama's folder it lies in blobs."));
    }
    return Optional.of(
        text.contains("\"error\"")
            ? Foreign.wrong("a server's error and not the file: " + beginning(text), GET_FILE)
            : Foreign.wrong("a text in JSON and no model", "Give the path of a .gguf file."));
  }

  private static Optional<Foreign> text(Head head) {
    return head.isText()
        ? Optional.of(
            Foreign.wrong(
                "a text and not a GGUF file; it begins: " + beginning(head.text()), GET_FILE))
        : Optional.empty();
  }

  private static String beginning(String text) {
    String line = text.lines().findFirst().orElse("");
    return Printable.name(line.length() <= 80 ? line : line.substring(0, 80) + "...");
  }
}
