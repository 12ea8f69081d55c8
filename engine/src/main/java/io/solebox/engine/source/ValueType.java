package io.solebox.engine.source;

/** The types of metadata values, which are those of GGUF (ggml-org/ggml: docs/gguf.md). */
public enum ValueType {
  U8,
  I8,
  U16,
  I16,
  U32,
  I32,
  F32,
  BOOL,
  STRING,
  ARRAY,
  U64,
  I64,
  F64
}
