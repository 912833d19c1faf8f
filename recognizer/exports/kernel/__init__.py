"""The kernel for browsers: the exported C, and a layer in floats, as WebAssembly with SIMD."""
