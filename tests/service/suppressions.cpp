// What ThreadSanitizer reports and is none: libstdc++ counts the references to an exception with
// atomic operations of its own, which the sanitizer cannot see. (std::future hands exceptions from
// thread to thread.)
extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions() {
  return "race:std::__exception_ptr::exception_ptr::_M_release\n";
}
