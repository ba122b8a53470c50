//! A pass-through middleware (world `middleware`): imports the contract, exports it again, and changes nothing.
//!
//! It is the proof that the contract can be wrapped: that it compiles shows that nothing in `wit/` ties a guest to one
//! provider, and the conformance guests run through it unchanged. It is also where to start writing a real middleware, one
//! that counts, filters or records.

mod pass_through;

use pass_through::PassThrough;

datagrant_middleware::middleware!(PassThrough);
