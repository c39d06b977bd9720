#version 450
// max(2 a + b, 0) by hand. The workgroup is the one that the program's grid counts (see the export in the configured
// dump); the loop makes the shader right for any grid.
layout(local_size_x = 64) in;
layout(set = 0, binding = 0) readonly buffer A { float a[]; };
layout(set = 0, binding = 1) readonly buffer B { float b[]; };
layout(set = 0, binding = 2) writeonly buffer C { float c[]; };
void main() {
  for (uint i = gl_GlobalInvocationID.x; i < 65536u; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x)
    c[i] = max(2.0 * a[i] + b[i], 0.0);
}
